using Ioc.Broker.Sessions;

namespace Ioc.Broker.Routing;

/// <summary>The members of one shared subscription: each message goes to one of them, in turn, past those that are away or lag.</summary>
/// <remarks>Members are replaced, never edited; changed under the tree's lock, read inside a journal batch or by the sweeper.</remarks>
internal sealed class SharedGroup(byte[] name, byte[] filter)
{
    private volatile Subscriber[] _members = [];
    private uint _next;

    public byte[] Name { get; } = name;

    /// <summary>As its members subscribed to it, <c>$share/name/</c> included.</summary>
    public byte[] Filter { get; } = filter;

    public Subscriber[] Members
    {
        get => _members;
        set => _members = value;
    }

    /// <summary>Whether a member other than this one is there and has room.</summary>
    public bool HasEager(Session except) => Array.Exists(_members, member => member.Session != except && member.Session.Outgoing.IsEager);

    /// <summary>Who gets the next message: the next one who is there with room; failing that, the one with the least waiting.</summary>
    /// <param name="except">Never this one.</param>
    /// <param name="eagerOnly">Nobody rather than one who is away or lags.</param>
    /// <param name="picked">A member.</param>
    public bool TryPick(Session? except, bool eagerOnly, out Subscriber picked)
    {
        picked = default;
        ReadOnlySpan<Subscriber> members = _members;
        uint turn = _next++;
        int least = int.MaxValue;
        for (int i = 0; i < members.Length; i++)
        {
            ref readonly Subscriber member = ref members[(int)((turn + (uint)i) % (uint)members.Length)];
            if (member.Session == except)
                continue;

            if (member.Session.Outgoing.IsEager)
            {
                picked = member;
                return true;
            }

            // Somebody who is away takes messages only when nobody else can.
            int waiting = member.Session.Outgoing.Waiting + (member.Session.Writer is null ? int.MaxValue / 2 : 0);
            if (waiting < least && !eagerOnly)
            {
                least = waiting;
                picked = member;
            }
        }

        return least < int.MaxValue;
    }
}
