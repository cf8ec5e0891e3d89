using System.Net;
using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>Failed connects by address within the window. Under its owner's lock.</summary>
internal sealed class FailureCounts(BanOptions options)
{
    // Beyond this many addresses at a time the counting starts over: forgetting costs an attacker's ban, not memory.
    private const int MaxAddresses = 10_000;

    private readonly Dictionary<IPAddress, (int Count, Instant Since)> _counts = [];
    private readonly Duration _window = Duration.FromTimeSpan(options.Window);

    /// <summary>Counts one; true when it was the one too many, and the count begins anew.</summary>
    public bool Add(IPAddress address, Instant now)
    {
        (int count, Instant since) = _counts.GetValueOrDefault(address, (0, now));
        if (now - since > _window)
            (count, since) = (0, now);

        if (++count >= options.AfterFailures)
        {
            _counts.Remove(address);
            return true;
        }

        if (count == 1 && _counts.Count >= MaxAddresses)
            MakeRoom(now);
        _counts[address] = (count, since);
        return false;
    }

    private void MakeRoom(Instant now)
    {
        foreach ((IPAddress address, (int _, Instant since)) in _counts)
        {
            if (now - since > _window)
                _counts.Remove(address);
        }

        if (_counts.Count >= MaxAddresses)
            _counts.Clear();
    }
}
