using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker.Access;
using Ioc.Broker.Connections;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Sessions;

/// <summary>A connection's parts, driven step by step on the test's thread.</summary>
internal sealed class SimulatedClient
{
    private readonly BrokerWorld _world;
    private readonly PipeWriter _sink = PipeWriter.Create(Stream.Null);
    private readonly IntakeBatch _batch;
    private readonly PublishIntake _intake;
    private readonly ExchangeDesk _exchanges;
    private readonly DeliveryWriter _deliveries;
    private static readonly ClientAccess Access = new() { Who = default, UserName = [], Rights = ClientRights.Unrestricted, Gate = RateGate.Open, ReceiveMaximum = 30_000, MaxSubscriptions = 100 };
    private readonly ClientLimits _limits;

    public SimulatedClient(BrokerWorld world, string name, bool cleanStart = true, uint expiry = 1_000, int receiveMaximum = 10, uint maxPacketBytes = uint.MaxValue)
    {
        _world = world;
        _limits = new ClientLimits(ProtocolVersion.V5, maxPacketBytes, receiveMaximum, WantsReasons: false);
        Writer = new ConnectionWriter(PipeWriter.Create(Stream.Null), world.State, () => { });
        Writer.Acks.ReceiveMaximum = Access.ReceiveMaximum;
        _batch = new IntakeBatch(world.State, Writer);
        _intake = new PublishIntake(world.State, _batch, Writer.Acks, Access);
        _exchanges = new ExchangeDesk(world.State, _batch, Writer.Acks);
        _deliveries = new DeliveryWriter(world.State, Writer, _sink) { Client = _limits, Rights = ClientRights.Unrestricted };

        _batch.Open();
        Session = world.State.Sessions.Open(System.Text.Encoding.UTF8.GetBytes(name), default, cleanStart, expiry, nowMs: 9_000, out bool present, out _, out _)!;
        Assert.NotNull(Session);
        Present = present;
        Session.Outgoing.Attach(Writer, receiveMaximum);
        Session.Writer = Writer;
        _batch.Close();
    }

    public Session Session { get; }

    public ConnectionWriter Writer { get; }

    public bool Present { get; }

    public void Publish(string topic, int qos, int packetId = 1, bool retain = false, string payload = "x") =>
        Take(Packets.Publish(topic, payload, qos, packetId, retain, properties: []));

    public void Release(int packetId) => Take(Packets.Pubrel(packetId));

    public void Subscribe(string filter, int options, int identifier = 0) =>
        Take(Packets.Subscribe(filter, options, properties: identifier == 0 ? [] : [0x0B, (byte)identifier]));

    public void Unsubscribe(string filter) => Take(Packets.Unsubscribe(filter, properties: []));

    /// <summary>The next packet of an exchange that the client received.</summary>
    public void Answer(ushort packetId, InflightState state) => Take(state switch
    {
        InflightState.AwaitsPuback => Packets.Puback(packetId),
        InflightState.AwaitsPubrec => Packets.Pubrec(packetId),
        _ => Packets.Pubcomp(packetId),
    });

    /// <summary>Sends what may be sent now.</summary>
    public async Task DeliverAsync()
    {
        while (_deliveries.Write(Session, out _))
            await _sink.FlushAsync(TestContext.Current.CancellationToken);
        await _sink.FlushAsync(TestContext.Current.CancellationToken);
    }

    public List<(ushort Id, InflightState State)> InFlight()
    {
        var inflight = new List<(ushort, InflightState)>();
        Session.Outgoing.Save((id, state, _) => inflight.Add((id, state)), (_, _) => { });
        return inflight;
    }

    public int WaitingCount()
    {
        int waiting = 0;
        Session.Outgoing.Save((_, _, _) => { }, (_, _) => waiting++);
        return waiting;
    }

    public void Leave(long nowMs = 5_000)
    {
        _batch.Open();
        Session.Outgoing.Detach(Writer);
        Session.Writer = null;
        _world.State.Sessions.Leave(Session, nowMs, will: null);
        _batch.Close();
    }

    private void Take(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        FrameReader.TryReadFrame(ref buffer, 1_000_000, out Frame frame);
        switch (packet[0] >> 4)
        {
            case 3:
                Assert.Equal(Step.Next, _intake.Accept(frame, Session, ProtocolVersion.V5));
                break;
            case 8:
                new SubscriptionDesk(_world.State, _batch, Writer, Access).Subscribe(frame, Session, _limits);
                break;
            case 10:
                new SubscriptionDesk(_world.State, _batch, Writer, Access).Unsubscribe(frame, Session, _limits);
                break;
            default:
                Assert.Equal(Step.Next, _exchanges.Handle(frame, Session, ProtocolVersion.V5));
                break;
        }

        _batch.Close();
    }
}
