using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Upstream;

/// <summary>CONNECT, its answer, and SUBSCRIBE with its answer, as a client speaks them.</summary>
internal static class UpstreamHandshake
{
    /// <summary>Of the only SUBSCRIBE that is sent on a connection.</summary>
    public const ushort SubscribeId = 1;

    /// <summary>Introduces us and returns what the other broker grants.</summary>
    /// <exception cref="UpstreamLostException">It does not let us in, or is no broker.</exception>
    public static async Task<UpstreamGrant> ConnectAsync(UpstreamTransport transport, UpstreamModel model, CancellationToken ct)
    {
        WriteConnect(transport.Output, model, await model.ReadPasswordAsync(ct));
        await transport.Output.FlushAsync(ct);
        while (true)
        {
            ReadResult read = await transport.Input.ReadAsync(ct);
            ReadOnlySequence<byte> buffer = read.Buffer;
            bool answered = TryTakeConnack(ref buffer, model, out UpstreamGrant grant);

            // What stands behind CONNACK stays: queued messages may follow in the same segment.
            transport.Input.AdvanceTo(buffer.Start, answered ? buffer.Start : buffer.End);
            if (answered)
                return grant;
            if (read.IsCompleted)
                throw new UpstreamLostException("it closed the connection without an answer to CONNECT");
        }
    }

    /// <summary>Asks for the filters.</summary>
    public static void WriteSubscribe(IBufferWriter<byte> output, UpstreamModel model)
    {
        // What is retained is wanted once, with a new subscription: each reconnect would bring it all again.
        var options = new SubscriptionOptions(model.Config.Qos, retainHandling: model.Version == ProtocolVersion.V5 ? RetainHandling.SendIfNew : RetainHandling.Send);
        (ReadOnlyMemory<byte>, SubscriptionOptions)[] filters = [.. model.Filters.Select(filter => ((ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(filter), options))];
        new SubscribePacket { PacketId = SubscribeId, Filters = FilterList.Create(filters, hasOptions: true) }.Write(output, model.Version);
    }

    /// <summary>Reads SUBACK: one code per filter in the order asked; null when it is not the answer to ours.</summary>
    public static ReasonCode[]? ReadSuback(in Frame frame, UpstreamModel model) =>
        SubackPacket.TryRead(frame, model.Version, out SubackPacket suback) == ReadStatus.Complete && suback.PacketId == SubscribeId && suback.ReasonCodes.Length == model.Filters.Length
            ? Array.ConvertAll(suback.ReasonCodes.ToArray(), code => (ReasonCode)code)
            : null;

    /// <summary>A reason in words: the code's name and what the other broker adds to it.</summary>
    public static string Say(ReasonCode reason, in PropertyList properties) =>
        properties.TryGetBytes(PropertyId.ReasonString, out ReadOnlySequence<byte> text)
            ? $"{reason} (0x{(byte)reason:X2}): {Encoding.UTF8.GetString(text.Slice(0, Math.Min(text.Length, 256)))}"
            : $"{reason} (0x{(byte)reason:X2})";

    private static void WriteConnect(IBufferWriter<byte> output, UpstreamModel model, byte[]? password)
    {
        var properties = new PropertyBuilder();
        if (model.Version == ProtocolVersion.V5)
        {
            properties
                .Add(PropertyId.SessionExpiryInterval, model.SessionExpirySeconds)
                .Add(PropertyId.ReceiveMaximum, (uint)model.Config.ReceiveMaximum)
                .Add(PropertyId.MaximumPacketSize, (uint)model.MaxPacketBytes)
                .Add(PropertyId.TopicAliasMaximum, TopicAliases.Maximum);
        }

        new ConnectPacket
        {
            Version = model.Version,
            CleanStart = model.SessionExpirySeconds == 0,
            KeepAliveSeconds = (ushort)model.Config.KeepAlive.TotalSeconds,
            ClientId = new ReadOnlySequence<byte>(model.ClientId),
            HasUserName = model.UserName.Length > 0,
            UserName = new ReadOnlySequence<byte>(model.UserName),
            HasPassword = password is not null,
            Password = new ReadOnlySequence<byte>(password ?? []),
            Properties = properties.List,
        }.Write(output);
    }

    private static bool TryTakeConnack(ref ReadOnlySequence<byte> buffer, UpstreamModel model, out UpstreamGrant grant)
    {
        grant = default;
        ReadStatus status = FrameReader.TryReadFrame(ref buffer, model.MaxPacketBytes, out Frame frame);
        if (status == ReadStatus.NeedMore)
            return false;
        if (status != ReadStatus.Complete || frame.Type != PacketType.Connack || ConnackPacket.TryRead(frame, model.Version, out ConnackPacket connack) != ReadStatus.Complete)
            throw new UpstreamLostException("what answers there is no MQTT broker of this version");
        if (connack.ReasonCode != ReasonCode.Success)
            throw new UpstreamLostException($"it refuses the connection: {Say(connack.ReasonCode, connack.Properties)}");

        // [MQTT-3.2.2-21] what the server says about keep alive counts.
        bool tells = connack.Properties.TryGetNumber(PropertyId.ServerKeepAlive, out uint seconds) && seconds > 0;
        grant = new UpstreamGrant(connack.SessionPresent, tells ? TimeSpan.FromSeconds(seconds) : model.Config.KeepAlive);
        return true;
    }
}

/// <summary>What the other broker grants.</summary>
/// <param name="SessionPresent">It has kept our session, with what came meanwhile.</param>
/// <param name="KeepAlive">Longest silence it puts up with.</param>
internal readonly record struct UpstreamGrant(bool SessionPresent, TimeSpan KeepAlive);
