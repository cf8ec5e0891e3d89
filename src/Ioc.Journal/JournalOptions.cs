using System.ComponentModel.DataAnnotations;
using Ioc.Journal.Segments;
using Microsoft.Extensions.Options;

namespace Ioc.Journal;

/// <summary>Where the journal lies and how much it may take.</summary>
public sealed class JournalOptions : IValidatableObject
{
    /// <summary>Folder of the segments; made when missing.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Size of a segment file in bytes, taken from the disk when the file is made.</summary>
    /// <remarks>Large enough that making files costs nothing, small enough that trimming is not coarse.</remarks>
    [Range(4096, 1 << 30)]
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Most bytes that all segments together may take. Unread records are never deleted for it: appends are refused.</summary>
    [Range(8192, long.MaxValue)]
    public long BudgetBytes { get; set; } = 8L << 30;

    /// <summary>Days after which a segment that every cursor has passed is deleted, budget or not.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Hours after which a segment is followed by another though it is not full, so that retention works where little is received.</summary>
    [Range(1, 24 * 365)]
    public int SegmentHours { get; set; } = 24;

    /// <summary>Least milliseconds between two flushes. Zero flushes as soon as the previous flush is done.</summary>
    [Range(0, 1000)]
    public int CommitIntervalMs { get; set; }

    /// <summary>Largest record in bytes, header and the journal's own 32 bytes included.</summary>
    [Range(64, 256 << 20)]
    public int MaxRecordBytes { get; set; } = 1 << 20;

    /// <summary>Size in bytes of each of the two buffers: one takes appends while the other is written.</summary>
    [Range(4096, 1 << 30)]
    public int BufferBytes { get; set; } = 8 << 20;

    /// <summary>Longest time in milliseconds that an append waits for the disk when the buffer is full, before it is refused.</summary>
    [Range(10, 60_000)]
    public int StallLimitMs { get; set; } = 5_000;

    /// <summary>Bytes left free on the disk for others when a segment is made; below it the disk counts as full.</summary>
    [Range(0, long.MaxValue)]
    public long ReservedFreeBytes { get; set; } = 256L << 20;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxRecordBytes > BufferBytes)
            yield return new ValidationResult($"{nameof(MaxRecordBytes)} {MaxRecordBytes} does not fit into {nameof(BufferBytes)} {BufferBytes}.");

        if (MaxRecordBytes > SegmentBytes - (2 * SegmentHeader.Bytes))
            yield return new ValidationResult($"{nameof(MaxRecordBytes)} {MaxRecordBytes} does not fit into {nameof(SegmentBytes)} {SegmentBytes} less two headers of {SegmentHeader.Bytes}.");

        if (BudgetBytes < 2L * SegmentBytes)
            yield return new ValidationResult($"{nameof(BudgetBytes)} {BudgetBytes} is less than two segments of {SegmentBytes}.");
    }
}

[OptionsValidator]
internal sealed partial class JournalOptionsValidator : IValidateOptions<JournalOptions>;
