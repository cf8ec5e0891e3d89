namespace Ioc.Broker.Connections;

/// <summary>What the read loop does after a frame.</summary>
internal enum Step
{
    /// <summary>Done with this frame.</summary>
    Next,

    /// <summary>The frame has not arrived whole.</summary>
    NeedBytes,

    /// <summary>The frame stays unread until acknowledgements or answers have left.</summary>
    WaitForRoom,

    /// <summary>The frame stays unread until the journal takes messages again.</summary>
    WaitForStore,

    /// <summary>CONNECT stays unread until the connection that spoke for this client has ended.</summary>
    WaitForTakeover,

    /// <summary>The connection ends.</summary>
    Close,
}
