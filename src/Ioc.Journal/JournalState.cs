namespace Ioc.Journal;

/// <summary>Whether the journal takes records, and why not.</summary>
public enum JournalState
{
    /// <summary>Takes records.</summary>
    Accepting,

    /// <summary>The byte budget is met by unread records; ends when a cursor lets a segment go.</summary>
    OverBudget,

    /// <summary>No room on the disk for the next segment; tried again about once a second, whenever somebody appends.</summary>
    DiskFull,

    /// <summary>The disk has not finished a flush for longer than the stall limit while the buffer is full; ends by itself.</summary>
    Stalled,

    /// <summary>A write or a flush failed. Final for this process: what the disk then holds is unknown until it is read again.</summary>
    Failed,

    /// <summary>Disposed.</summary>
    Closed,
}
