using System.Net;

namespace Ioc.Broker.Access;

/// <summary>How often an address and a client id connect. Thread-safe.</summary>
internal sealed class ConnectRates(LimitOptions options, TimeProvider time)
{
    private readonly Table<IPAddress> _addresses = new(options.ConnectsPerMinutePerAddress, time);
    private readonly Table<string> _clients = new(options.ConnectsPerMinutePerClient, time);

    /// <summary>Counts a connect; false when that was one too many.</summary>
    public bool TryEnter(IPAddress? address, string clientId)
    {
        bool free = address is null || _addresses.TryTake(AddressKey.Of(address));
        return _clients.TryTake(clientId) && free;
    }

    private sealed class Table<TKey>(int perMinute, TimeProvider time)
        where TKey : notnull
    {
        // Beyond this many keys at a time the counting starts over.
        private const int MaxKeys = 65_536;

        // Tokens of a sixtieth of a connect, so that a rate per minute is one per second in whole numbers.
        private const int TokensPerConnect = 60;

        private readonly RateMeter _meter = new(perMinute, (long)perMinute * TokensPerConnect, time.TimestampFrequency);
        private readonly Lock _gate = new();
        private readonly Dictionary<TKey, long> _earnedAt = [];

        public bool TryTake(TKey key)
        {
            if (_meter.IsOpen)
                return true;

            lock (_gate)
            {
                long now = time.GetTimestamp();
                long earnedAt = _earnedAt.GetValueOrDefault(key);
                long before = earnedAt;
                bool taken = _meter.Take(ref earnedAt, TokensPerConnect, now) == 0;
                if (before == 0 && _earnedAt.Count >= MaxKeys)
                    MakeRoom(now);

                // A refused connect is not counted on top, or a client that keeps knocking would never be let in again.
                _earnedAt[key] = taken ? earnedAt : before;
                return taken;
            }
        }

        private void MakeRoom(long now)
        {
            foreach ((TKey key, long earnedAt) in _earnedAt)
            {
                if (earnedAt <= now)
                    _earnedAt.Remove(key);
            }

            if (_earnedAt.Count >= MaxKeys)
                _earnedAt.Clear();
        }
    }
}
