using System.Net;
using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>What each client was refused, newest first. Bounded: the client that was refused longest ago goes. Thread-safe.</summary>
internal sealed class RefusalTable(int capacity, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _newestFirst = [];
    private readonly Dictionary<Key, LinkedListNode<Entry>> _byClient = [];
    private long _sequence;

    public void Add(Refusal reason, in RefusedClient who)
    {
        // By client id, which is what stands on the device; one that said none is known by its address.
        var key = new Key(who.ClientId, who.ClientId is null ? who.Address : null);
        lock (_gate)
        {
            if (!_byClient.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                node = _byClient.Count < capacity ? new LinkedListNode<Entry>(new Entry()) : Recycle();
                node.Value.Key = key;
                _byClient.Add(key, node);
            }
            else
            {
                _newestFirst.Remove(node);
            }

            _newestFirst.AddFirst(node);
            node.Value.Count(reason, who, ++_sequence, time.GetUtcNow());
        }
    }

    /// <summary>A page of clients.</summary>
    /// <param name="before">Only those last refused before this sequence number.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="name">Only those whose client id or user name this is; null for all.</param>
    public IReadOnlyList<ClientRefusals> Read(long before, int limit, string? name)
    {
        var page = new List<ClientRefusals>();
        lock (_gate)
        {
            for (LinkedListNode<Entry>? node = _newestFirst.First; node is not null && page.Count < limit; node = node.Next)
            {
                if (node.Value.Sequence < before && (name is null || node.Value.IsOf(name)))
                    page.Add(node.Value.View());
            }
        }

        return page;
    }

    private LinkedListNode<Entry> Recycle()
    {
        LinkedListNode<Entry> oldest = _newestFirst.Last!;
        _newestFirst.Remove(oldest);
        _byClient.Remove(oldest.Value.Key);
        oldest.Value.Clear();
        return oldest;
    }

    private readonly record struct Key(string? ClientId, IPAddress? Address);

    private sealed class Entry
    {
        private readonly long[] _counts = new long[RefusalNames.Count];
        private RefusedClient _who;
        private Refusal _last;
        private DateTimeOffset _at;

        public Key Key { get; set; }

        public long Sequence { get; private set; }

        public void Count(Refusal reason, in RefusedClient who, long sequence, DateTimeOffset at)
        {
            _counts[(int)reason]++;
            _who = who;
            _last = reason;
            Sequence = sequence;
            _at = at;
        }

        public bool IsOf(string name) => _who.ClientId == name || _who.UserName == name;

        public ClientRefusals View() => new(
            _who.ClientId, _who.UserName, _who.Address?.ToString(), RefusalNames.Of(_last), Instant.FromDateTimeOffset(_at), RefusalNames.Snapshot(_counts), Sequence);

        public void Clear() => Array.Clear(_counts);
    }
}
