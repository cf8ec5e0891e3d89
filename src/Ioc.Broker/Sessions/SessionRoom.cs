namespace Ioc.Broker.Sessions;

/// <summary>Memory for what all sessions are told to remember: names, filters, wills. Thread-safe; sessions count themselves in.</summary>
/// <param name="capacity">In bytes. Filters and wills may take three quarters; the rest is for newcomers.</param>
internal sealed class SessionRoom(long capacity)
{
    private long _held;

    /// <summary>Bytes held, about.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Whether a session may be told to remember so much more.</summary>
    public bool HasRoomFor(long bytes) => Held + bytes <= capacity / 4 * 3;

    /// <summary>Whether there is room for one more session with names of so many bytes.</summary>
    public bool HasRoomForSession(long bytes) => Held + bytes <= capacity;

    /// <summary>Counts what a session came to hold, or holds no more.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _held, bytes);
}
