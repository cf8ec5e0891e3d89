using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker;
using Ioc.Broker.Upstream;
using Ioc.Mqtt.Framing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

public class UpstreamAllocationTests
{
    [Theory]
    [InlineData("3.1.1", 0)]
    [InlineData("3.1.1", 2)]
    [InlineData("5", 1)]
    [InlineData("5", 2)]
    public void A_message_of_a_known_alias_or_of_a_topic_allocates_nothing(string version, int qos)
    {
        bool v5 = version == "5";
        var model = new UpstreamModel(RunningLink.Config(1883, config => config.Version = version), maxPacketBytes: 1_000);
        var state = new UpstreamState(model, TimeProvider.System);
        var handler = new NeverDurable();
        var writer = new UpstreamWriter(new Pipe().Writer, handler, state, new Heartbeat(TimeProvider.System, TimeSpan.FromMinutes(1)), capacity: 1_000, TimeProvider.System);
        var intake = new UpstreamIntake(model, handler, new UpstreamSession(), sessionPresent: false, writer, state);
        byte[][] packets = [.. Enumerable.Range(1, 90).Select(id => FakeBroker.Publish(qos, id, v5 && id > 1 ? "" : "tele/meter-1/SENSOR", new string('x', 200), v5, properties: v5 ? [0x23, 0, 1] : null))];
        Take(intake, packets.AsSpan(0, 10));

        Assert.Equal(0, Allocations.Fewest(pass => Take(intake, packets.AsSpan(10 + (10 * pass), 10)), passes: 8));
        Assert.Equal(90, state.Received);
    }

    private static void Take(UpstreamIntake intake, ReadOnlySpan<byte[]> packets)
    {
        foreach (byte[] packet in packets)
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            FrameReader.TryReadFrame(ref buffer, 1_000, out Frame frame);
            intake.Publish(frame);
        }

        intake.EndBatch();
    }

    /// <summary>Takes everything and flushes nothing, so that replies stay where they are put.</summary>
    private sealed class NeverDurable : IPublishHandler
    {
        private long _position;

        public long DurablePosition => 0;

        public void BeginBatch()
        {
        }

        public void EndBatch()
        {
        }

        public AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position)
        {
            position = _position++;
            return AcceptOutcome.Accepted;
        }

        public long NextPosition => _position;

        public AcceptOutcome TryAcceptEvent(ReadOnlySpan<byte> sessionEvent, out long position) => TryAccept(sessionEvent, default, out position);

        public void Read(ReadOnlySpan<long> positions, IKeptMessageVisitor visitor) => throw new NotSupportedException();

        public async ValueTask WaitForDurableAsync(long position, CancellationToken cancellation) =>
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
    }
}
