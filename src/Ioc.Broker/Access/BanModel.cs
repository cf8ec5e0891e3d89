using System.Net;
using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>Bans in the form in which they are looked up. Immutable, swapped whole.</summary>
internal sealed class BanModel
{
    private readonly Dictionary<IPAddress, Instant?> _addresses = [];
    private readonly List<(IPNetwork Range, Instant? Until)> _ranges = [];
    private readonly Dictionary<string, Instant?> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Instant?> _users = new(StringComparer.Ordinal);

    public BanModel(IReadOnlyList<Ban> bans)
    {
        Bans = bans;
        foreach (Ban ban in bans)
        {
            if (ban.Kind == BanKind.Client)
                Lengthen(_clients, ban.Value, ban.Until);
            else if (ban.Kind == BanKind.User)
                Lengthen(_users, ban.Value, ban.Until);
            else if (BanList.TryParseRange(ban.Value, out IPNetwork range))
                Add(range, ban.Until);
        }
    }

    public IReadOnlyList<Ban> Bans { get; }

    public bool IsEmpty => Bans.Count == 0;

    public bool Holds(IPAddress? address, string? clientId, string? userName, Instant now) =>
        (clientId is not null && _clients.TryGetValue(clientId, out Instant? until) && Lasts(until, now))
        || (userName is not null && _users.TryGetValue(userName, out until) && Lasts(until, now))
        || (address is not null && Holds(address, now));

    private bool Holds(IPAddress address, Instant now)
    {
        if (_addresses.TryGetValue(address, out Instant? until) && Lasts(until, now))
            return true;

        foreach ((IPNetwork range, Instant? end) in _ranges)
        {
            if (range.Contains(address) && Lasts(end, now))
                return true;
        }

        return false;
    }

    private void Add(IPNetwork range, Instant? until)
    {
        if (range.PrefixLength == range.BaseAddress.GetAddressBytes().Length * 8)
            Lengthen(_addresses, range.BaseAddress, until);
        else
            _ranges.Add((range, until));
    }

    // Of two bans of the same the longer one holds.
    private static void Lengthen<TKey>(Dictionary<TKey, Instant?> bans, TKey key, Instant? until)
        where TKey : notnull
    {
        if (!bans.TryGetValue(key, out Instant? known) || (known is { } before && (until is not { } after || after > before)))
            bans[key] = until;
    }

    private static bool Lasts(Instant? until, Instant now) => until is not { } end || end > now;
}
