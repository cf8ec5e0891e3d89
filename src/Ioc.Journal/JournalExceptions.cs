using Ioc.Journal.Segments;

namespace Ioc.Journal;

/// <summary>The journal can no longer make records durable: a write or flush failed, or it was closed.</summary>
public sealed class JournalFailedException : Exception
{
    internal JournalFailedException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>Another process, or another journal of this one, has the folder open.</summary>
public sealed class JournalLockedException : IOException
{
    internal JournalLockedException(string path, Exception cause)
        : base($"The journal in '{path}' is open elsewhere. Stop the other process, or give this one a data path of its own.", cause)
    {
    }
}

/// <summary>The records asked for were trimmed and are no longer kept.</summary>
public sealed class RecordsTrimmedException : Exception
{
    internal RecordsTrimmedException(long offset, long firstOffset)
        : base($"Journal offset {offset} is no longer kept; the oldest is {firstOffset}.")
    {
        Offset = offset;
        FirstOffset = firstOffset;
    }

    /// <summary>The offset that was asked for.</summary>
    public long Offset { get; }

    /// <summary>The oldest offset that could have been had.</summary>
    public long FirstOffset { get; }
}

/// <summary>Bytes of a segment are not what was written.</summary>
/// <remarks>
/// Records from <see cref="Offset"/> up to <see cref="ResumeOffset"/> are lost. Reading never steps over them by itself: whoever
/// accounts for the loss opens a new reader at <see cref="ResumeOffset"/>.
/// </remarks>
public sealed class JournalCorruptException : Exception
{
    private JournalCorruptException(string segment, long position, long offset, long resumeOffset, long lostPublishCount)
        : base($"Journal segment '{segment}' is damaged at byte {position}: records {offset} to {resumeOffset - 1} cannot be read; offset {resumeOffset} is the next that can.")
    {
        Segment = segment;
        Position = position;
        Offset = offset;
        ResumeOffset = resumeOffset;
        LostPublishCount = lostPublishCount;
    }

    internal static JournalCorruptException Between(string segment, in SegmentPlace damaged, in SegmentPlace resume)
    {
        bool counted = damaged.PublishesBefore >= 0 && resume.PublishesBefore >= 0;
        long lost = counted ? resume.PublishesBefore - damaged.PublishesBefore : resume.Offset - damaged.Offset;
        return new JournalCorruptException(segment, damaged.Position, damaged.Offset, resume.Offset, lost);
    }

    /// <summary>Path of the damaged file.</summary>
    public string Segment { get; }

    /// <summary>Where in the file the damage begins, in bytes.</summary>
    public long Position { get; }

    /// <summary>First lost record.</summary>
    public long Offset { get; }

    /// <summary>First record behind the damage that can be read, or the tail.</summary>
    public long ResumeOffset { get; }

    /// <summary>How many of the lost records were publishes; all of them where the segment's format does not say.</summary>
    public long LostPublishCount { get; }
}
