using System.Buffers;
using System.Text;
using Ioc.Broker.Access;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Ioc.Broker.Connections;

/// <summary>Lets a client in: judges CONNECT, waits for its password and for the connection it displaces, opens its session and answers.</summary>
/// <remarks>Touched only by the connection's read loop. CONNECT stays unread while something is waited for, and is looked at again afterwards.</remarks>
internal sealed class Reception(Connection connection, ConnectionContext context, BrokerState broker, IntakeBatch batch, ConnectionWriter writer)
{
    private byte[]? _assigned;
    private AccessDecision? _decision;

    /// <summary>What CONNECT said of the client, as far as it was understood.</summary>
    public ClientLimits Client { get; private set; }

    /// <summary>Who is refused, if somebody is.</summary>
    public RefusedClient Who { get; private set; } = new(null, null, ConnectOrigin.AddressOf(context.RemoteEndPoint));

    /// <summary>What the client may do, once it was let in.</summary>
    public ClientAccess? Access { get; private set; }

    public Session? Session { get; private set; }

    /// <summary>The name this connection speaks for, once it does.</summary>
    public string? Claimed { get; private set; }

    public WillMessage? Will { get; private set; }

    /// <summary>Longest silence; zero is forever.</summary>
    public TimeSpan Patience { get; private set; }

    /// <summary>What to wait for before CONNECT is looked at again.</summary>
    public Task? Awaited { get; private set; }

    /// <summary>Why CONNECT was answered with <see cref="Step.Close"/>.</summary>
    public ReasonCode CloseReason { get; private set; }

    /// <summary>What to count it as, where the reason alone does not tell.</summary>
    public Refusal? Refused { get; private set; }

    public Step Admit(in Frame frame)
    {
        Awaited = null;
        ReasonCode reason = Handshake.Judge(frame, out ConnectPacket connect);
        Client = ClientLimits.Of(connect);
        if (reason != ReasonCode.Success)
            return Close(reason);

        if (connect.ClientId.IsEmpty)
            _assigned ??= Handshake.AssignClientId();
        byte[] clientId = _assigned ?? connect.ClientId.ToArray();
        string name = Encoding.UTF8.GetString(clientId);
        if (_decision is null)
            Judge(connect, name);
        if (_decision is not { } decision)
            return Step.WaitForAdmission;

        Who = decision.Who;
        Access ??= decision.Access;
        if (Access is not { } access)
            return Close(decision.Reason);

        reason = Permit(connect, access, clientId);
        return reason == ReasonCode.Success ? Enter(connect, access, clientId, name) : Close(reason);
    }

    private void Judge(in ConnectPacket connect, string name)
    {
        var tls = context.Features.Get<ITlsConnectionFeature>();
        var origin = new ConnectOrigin(context.RemoteEndPoint, tls?.ClientCertificate, tls is null ? ConnectTransport.Tcp : ConnectTransport.Tls);
        ValueTask<AccessDecision> judging = broker.Access.JudgeAsync(connect, name, origin, context.ConnectionClosed);
        Awaited = RememberAsync(judging);
    }

    private async Task RememberAsync(ValueTask<AccessDecision> judging) => _decision = await judging;

    private ReasonCode Permit(in ConnectPacket connect, ClientAccess access, ReadOnlySpan<byte> clientId)
    {
        if (connect.HasWill)
        {
            byte[] topic = connect.WillTopic.ToArray();
            if (!broker.Access.Limits.Allow(topic))
                return ReasonCode.TopicNameInvalid;
            if (!access.Rights.MayPublish(topic))
            {
                Refused = Refusal.PublishNotAuthorized;
                return ReasonCode.NotAuthorized;
            }
        }

        // Nobody takes over what another user's client has left.
        return broker.Sessions.Find(clientId) is { } known && !access.MayTakeOver(known.UserName.Span) ? ReasonCode.ClientIdentifierNotValid : ReasonCode.Success;
    }

    private Step Enter(in ConnectPacket connect, ClientAccess access, byte[] clientId, string name)
    {
        // [MQTT-3.1.4-3] the older connection ends, and leaves the session before this one enters it.
        if (broker.Sessions.Claim(name, connection) is { } holder)
        {
            holder.Stop(ReasonCode.SessionTakenOver);
            Awaited = holder.Detached;
            return Step.WaitForAdmission;
        }

        Claimed = name;
        WillMessage? will = WillMessage.From(connect, clientId, access.UserName);
        if (will is not null && !broker.Sessions.Room.HasRoomFor(will.Bytes))
            return Close(QuotaExceeded(connect));

        batch.Open();
        uint expiry = Handshake.ExpirySeconds(connect, broker.Options);
        long now = broker.Time.GetUtcNow().ToUnixTimeMilliseconds();
        Session? session = broker.Sessions.Open(clientId, access.UserName, connect.CleanStart, expiry, now, out bool present, out long position, out WillMessage? overdue);
        if (overdue is not null)
            batch.Publish(overdue);
        if (session is null)
        {
            broker.Sessions.Release(name, connection);
            return Close(QuotaExceeded(connect));
        }

        if (present && !access.Rights.IsUnrestricted)
            DropForbidden(session, access);
        Session = session;
        Will = will;
        session.WillBytes = will?.Bytes ?? 0;
        Patience = TimeSpan.FromSeconds(Handshake.KeepAliveSeconds(connect, broker.Options) * 1.5); // [MQTT-3.1.2-22] (5.0), [MQTT-3.1.2-24] (3.1.1)

        var granted = new Granted(session, access.ReceiveMaximum, present, _assigned);
        Handshake.Accept(writer, broker.Options, connect, granted, position);
        session.Outgoing.Attach(writer, Client.ReceiveMaximum);
        session.Writer = writer;
        writer.Serve(session, Client, access);
        batch.WakeWriterAt(position);
        return Step.Next;
    }

    private static ReasonCode QuotaExceeded(in ConnectPacket connect) => connect.Version == ProtocolVersion.V5 ? ReasonCode.QuotaExceeded : ReasonCode.ServerUnavailable;

    // Rights may have shrunk since the client subscribed.
    private void DropForbidden(Session session, ClientAccess access)
    {
        foreach (byte[] filter in session.Subscriptions.Select(subscription => subscription.Key).Where(filter => !access.Rights.MaySubscribe(filter)).ToArray())
        {
            broker.SessionJournal.Unsubscribed(session, filter, out _);
            broker.Sessions.Unsubscribe(session, filter);
        }
    }

    private Step Close(ReasonCode reason)
    {
        CloseReason = reason;
        return Step.Close;
    }
}
