using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Firmware;

/// <summary>One firmware being counted. Touched only under the census' gate.</summary>
internal sealed class FirmwareEntry(string profile, string? version)
{
    private const int MaxMembers = 100;

    private readonly long[] _failures = new long[Enum.GetValues<QuarantineReason>().Length];
    private readonly SortedDictionary<string, UnreadMember> _unread = new(StringComparer.Ordinal);
    private Instant _firstSeen = Instant.MaxValue;
    private Instant _lastSeen = Instant.MinValue;
    private long _messages;

    public string Profile { get; } = profile;

    public string? Version { get; } = version;

    /// <summary>The next message after this moment is looked at for members that nobody reads.</summary>
    public Instant NextSample { get; set; } = Instant.MinValue;

    public void Count(in BatchMessage message)
    {
        _messages++;
        _failures[(int)message.Reason]++;
        _lastSeen = message.ReceivedAt;
        if (_firstSeen > message.ReceivedAt)
            _firstSeen = message.ReceivedAt;
    }

    public void Met(string member, Instant at)
    {
        if (_unread.TryGetValue(member, out UnreadMember? known))
            _unread[member] = known with { Samples = known.Samples + 1, LastSeen = Instant.Max(known.LastSeen, at) };
        else if (_unread.Count < MaxMembers)
            _unread[member] = new UnreadMember(1, at, at);
    }

    public void Restore(FirmwareCount kept)
    {
        (_firstSeen, _lastSeen, _messages) = (kept.FirstSeen, kept.LastSeen, kept.Messages);
        foreach ((QuarantineReason reason, long count) in kept.Failures)
            _failures[(int)reason] = count;
        foreach ((string member, UnreadMember met) in kept.Unread)
            _unread[member] = met;
    }

    public FirmwareCount Copy() => new(
        Profile,
        Version,
        _firstSeen,
        _lastSeen,
        _messages,
        Enum.GetValues<QuarantineReason>().Where(reason => reason != QuarantineReason.None && _failures[(int)reason] > 0).ToDictionary(reason => reason, reason => _failures[(int)reason]),
        new Dictionary<string, UnreadMember>(_unread));
}
