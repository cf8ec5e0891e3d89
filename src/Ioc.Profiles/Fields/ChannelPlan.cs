using Ioc.Devices.Readings;

namespace Ioc.Profiles.Fields;

/// <summary>How the channel of a reading is found.</summary>
internal sealed class ChannelPlan(TemplatePlan template, IReadOnlyList<(byte[] Text, ChannelId Channel)> map, ChannelTable channels)
{
    private readonly (byte[] Text, ChannelId Channel)[] _map = [.. map];
    private readonly ChannelId? _constant = template.Constant is { } name && map.Count == 0 ? channels.GetOrAdd(System.Text.Encoding.UTF8.GetString(name)) : null;

    /// <summary>The channel, when it does not depend on the message.</summary>
    public ChannelId? Constant => _constant;

    /// <summary>Finds the channel.</summary>
    /// <returns>Absent when a part is missing or the map has no such text; limit when the table takes no more.</returns>
    public ReadStatus TryGet(scoped ref Frame frame, Span<byte> buffer, out ChannelId channel)
    {
        channel = _constant ?? ChannelId.None;
        if (_constant is not null)
            return ReadStatus.Value;
        if (!template.TryRender(ref frame, buffer, out ReadOnlySpan<byte> text))
            return ReadStatus.Absent;
        if (_map.Length == 0)
            return channels.TryGetOrAdd(text, out channel) ? ReadStatus.Value : ReadStatus.Limit;

        foreach ((byte[] candidate, ChannelId mapped) in _map)
        {
            if (text.SequenceEqual(candidate))
            {
                channel = mapped;
                return ReadStatus.Value;
            }
        }

        return ReadStatus.Absent;
    }
}

/// <summary>How reading one thing out of a message went.</summary>
internal enum ReadStatus
{
    /// <summary>There is a value.</summary>
    Value,

    /// <summary>Missing, null, not a number, or a value that means "none".</summary>
    Absent,

    /// <summary>The frame ends before it.</summary>
    TooShort,

    /// <summary>It is not what the codec promises.</summary>
    Malformed,

    /// <summary>A bound of the product was met.</summary>
    Limit,
}
