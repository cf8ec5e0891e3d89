using NodaTime;

namespace Ioc.Devices.Counters;

/// <summary>What a device says about since when its register counts: a time, or any text that changes with a reset.</summary>
/// <remarks>Eight bytes, because every reading of a batch has room for one. A text is kept as its hash.</remarks>
public readonly record struct ResetMark
{
    // Even: a hash. Odd: a time in ticks. Zero: nothing was said.
    private readonly long _code;

    private ResetMark(long code) => _code = code;

    /// <summary>The message says nothing.</summary>
    public static ResetMark None => default;

    /// <summary>Since when the register counts; null when the mark is no time.</summary>
    public Instant? Since => (_code & 1) != 0 ? Instant.FromUnixTimeTicks(_code >> 1) : null;

    /// <summary>The device said something.</summary>
    public bool IsSaid => _code != 0;

    /// <summary>A mark that is a time.</summary>
    public static ResetMark Of(Instant since) => new((since.ToUnixTimeTicks() << 1) | 1);

    /// <summary>A mark that is a text.</summary>
    public static ResetMark Of(ReadOnlySpan<byte> text)
    {
        // FNV-1a; a clash of two marks of one device would hide one reset.
        ulong hash = 14695981039346656037;
        foreach (byte letter in text)
            hash = (hash ^ letter) * 1099511628211;
        return new ResetMark((long)(hash | 2) & ~1L);
    }
}
