using System.Buffers;
using Ioc.Broker;

namespace Ioc.SystemTests.Broker;

/// <summary>Keeps publishes in memory, where they count as durable once their batch has ended.</summary>
internal sealed class MemoryJournal : IPublishHandler
{
    private readonly List<string> _topics = [];
    private readonly List<(byte[] Header, byte[] Payload)?> _messages = [];
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _durable;

    public long NextPosition => _messages.Count;

    public long DurablePosition => Volatile.Read(ref _durable);

    public IReadOnlyList<string> Topics
    {
        get
        {
            lock (_topics)
                return [.. _topics];
        }
    }

    public void BeginBatch() => Monitor.Enter(_topics);

    public void EndBatch()
    {
        Volatile.Write(ref _durable, _messages.Count);
        Interlocked.Exchange(ref _progress, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        Monitor.Exit(_topics);
    }

    public AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position)
    {
        PublishHeader.TryRead(header, out PublishHeader publish);
        position = _messages.Count;
        _messages.Add((header.ToArray(), payload.ToArray()));
        _topics.Add(System.Text.Encoding.UTF8.GetString(publish.Topic));
        return AcceptOutcome.Accepted;
    }

    public AcceptOutcome TryAcceptEvent(ReadOnlySpan<byte> sessionEvent, out long position)
    {
        position = _messages.Count;
        _messages.Add(null);
        return AcceptOutcome.Accepted;
    }

    public void Read(ReadOnlySpan<long> positions, IKeptMessageVisitor visitor)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            (byte[] Header, byte[] Payload)? message;
            lock (_topics)
                message = _messages[(int)positions[i]];
            if (message is { } found)
                visitor.Visit(i, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), found.Header, found.Payload);
        }
    }

    public async ValueTask WaitForDurableAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            Task progress = Volatile.Read(ref _progress).Task;
            if (DurablePosition > position)
                return;
            await progress.WaitAsync(cancellation);
        }
    }
}
