using System.Buffers;
using System.Buffers.Binary;
using Ioc.Broker.Routing;
using Xunit;

namespace Ioc.Tests.Broker.Routing;

public class MessageTailTests
{
    [Theory]
    [InlineData(4_096)]
    [InlineData(4_099)] // no multiple of anything
    public async Task Readers_beside_the_writer_see_whole_messages_or_none(int bytes)
    {
        var tail = new MessageTail(bytes);
        long[] newest = new long[64];
        Array.Fill(newest, MessageTail.NoAddress);
        using var stop = new CancellationTokenSource();
        long seen = 0;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            byte[] copy = new byte[bytes];
            while (!stop.IsCancellationRequested)
            {
                long address = Volatile.Read(ref newest[random.Next(newest.Length)]);
                if (!tail.TryPeek(address, out long receivedAt, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> payload))
                    continue;

                header.CopyTo(copy);
                payload.CopyTo(copy.AsSpan(header.Length));
                if (!tail.IsKept(address))
                    continue;

                Assert.Equal(receivedAt, BinaryPrimitives.ReadInt64LittleEndian(copy));
                Assert.Equal(-1, copy.AsSpan(8, header.Length + payload.Length - 8).IndexOfAnyExcept((byte)receivedAt));
                Interlocked.Increment(ref seen);
            }
        }, TestContext.Current.CancellationToken))];

        var writing = new Random(9);
        byte[] message = new byte[bytes];
        // On a busy machine the readers come late: the writer goes on until they have seen something.
        for (long i = 0; i < 60_000 || (Volatile.Read(ref seen) < 1_000 && i < 100_000_000); i++)
        {
            int length = 16 + writing.Next(i % 1_000 == 0 ? (bytes / 4) - 32 : 120);
            message.AsSpan(0, length).Fill((byte)i);
            BinaryPrimitives.WriteInt64LittleEndian(message, i);
            int headerBytes = 8 + writing.Next(length - 8);
            long address = tail.Add(message.AsSpan(0, headerBytes), new ReadOnlySequence<byte>(message, headerBytes, length - headerBytes), i);
            Assert.NotEqual(MessageTail.NoAddress, address);
            Volatile.Write(ref newest[i % newest.Length], address);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(seen > 0);
    }

    [Fact]
    public void Everything_that_fits_into_the_ring_is_still_there_and_what_was_overwritten_is_not()
    {
        var random = new Random(4);
        var tail = new MessageTail(2_048);
        var added = new List<(long Address, byte[] Payload)>();
        for (int i = 0; i < 1_000; i++)
        {
            byte[] payload = new byte[random.Next(400)];
            random.NextBytes(payload);
            added.Add((tail.Add([1, 2, 3], new ReadOnlySequence<byte>(payload), i), payload));

            int kept = 0;
            foreach ((long address, byte[] bytes) in added.AsEnumerable().Reverse().Take(40))
            {
                if (!tail.TryPeek(address, out _, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> found))
                    break;

                Assert.Equal([1, 2, 3], header.ToArray());
                Assert.Equal(bytes, found.ToArray());
                kept += bytes.Length;
            }

            // A message may leave a quarter of the ring unused at its end, and another reach into the oldest.
            Assert.True(i < 20 || kept > 500, $"only {kept} bytes kept");
        }
    }

    [Fact]
    public void A_message_too_large_for_the_ring_is_left_to_the_journal()
    {
        var tail = new MessageTail(1_024);

        Assert.Equal(MessageTail.NoAddress, tail.Add([], new ReadOnlySequence<byte>(new byte[300]), 0));
        Assert.False(tail.TryPeek(MessageTail.NoAddress, out _, out _, out _));
    }
}
