using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;

namespace Ioc.Load.Wire;

/// <summary>A connected MQTT client as a bare non-blocking socket: the handshake is done, what follows is bytes.</summary>
internal sealed class WireSocket : IDisposable
{
    private const int HandshakePatienceMs = 30_000;
    private const int MostAnswerBytes = 1024;

    private readonly Socket _socket;

    private WireSocket(Socket socket) => _socket = socket;

    public int Descriptor => (int)_socket.Handle;

    /// <summary>Connects with a clean session and without keep alive; throws when the broker will not have it.</summary>
    public static WireSocket Connect(EndPoint broker, string clientId, ProtocolVersion version)
    {
        var socket = new Socket(broker.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = HandshakePatienceMs };
        try
        {
            socket.Connect(broker);
            var output = new ArrayBufferWriter<byte>();
            new ConnectPacket { Version = version, CleanStart = true, ClientId = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(clientId)) }.Write(output);
            socket.Send(output.WrittenSpan);
            ReadOnlySequence<byte> bytes = ReadPacket(socket);
            FrameReader.TryReadFrame(ref bytes, MostAnswerBytes, out Frame frame);
            if (ConnackPacket.TryRead(frame, version, out ConnackPacket answer) != ReadStatus.Complete || answer.ReasonCode != ReasonCode.Success)
                throw new InvalidDataException($"the broker refuses {clientId}: {answer.ReasonCode}");
            socket.Blocking = false;
            return new WireSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Subscribes and waits for the answer, still before anything else is sent.</summary>
    public void Subscribe(string filter, int qos, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        new SubscribePacket
        {
            PacketId = 1,
            Filters = FilterList.Create([(Encoding.UTF8.GetBytes(filter), new SubscriptionOptions((byte)qos))], hasOptions: true),
        }.Write(output, version);
        _socket.Blocking = true;
        _socket.Send(output.WrittenSpan);
        ReadOnlySequence<byte> bytes = ReadPacket(_socket);
        FrameReader.TryReadFrame(ref bytes, MostAnswerBytes, out Frame frame);
        if (SubackPacket.TryRead(frame, version, out SubackPacket answer) != ReadStatus.Complete || answer.ReasonCodes.FirstSpan[0] != qos)
            throw new InvalidDataException($"the broker does not grant {filter} at QoS {qos}");
        _socket.Blocking = false;
    }

    /// <summary>Bytes taken by the kernel; 0 when it takes none now.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error is SocketError.Success or SocketError.WouldBlock ? sent : throw new SocketException((int)error);
    }

    /// <summary>Bytes read; 0 when there are none now. A closed connection is an exception: nobody here wants one.</summary>
    public int Receive(Span<byte> into)
    {
        int received = _socket.Receive(into, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return 0;
        if (error != SocketError.Success)
            throw new SocketException((int)error);
        return received > 0 ? received : throw new IOException("the broker closed the connection");
    }

    /// <summary>Says DISCONNECT, so that no will is published and nothing is logged as lost.</summary>
    public void Leave()
    {
        try
        {
            _socket.Send([0xE0, 0x00], SocketFlags.None, out _);
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => _socket.Dispose();

    // Byte by byte: nothing that follows the packet may be taken.
    private static ReadOnlySequence<byte> ReadPacket(Socket socket)
    {
        byte[] bytes = new byte[MostAnswerBytes];
        for (int length = 1; length <= bytes.Length; length++)
        {
            if (socket.Receive(bytes.AsSpan(length - 1, 1)) == 0)
                throw new IOException("the broker closed the connection before it answered");
            var packet = new ReadOnlySequence<byte>(bytes, 0, length);
            ReadOnlySequence<byte> rest = packet;
            if (FrameReader.TryReadFrame(ref rest, bytes.Length, out _) == ReadStatus.Complete)
                return packet;
        }

        throw new InvalidDataException("the broker's answer cannot be read");
    }
}
