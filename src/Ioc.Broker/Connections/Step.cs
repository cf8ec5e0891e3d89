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

    /// <summary>CONNECT stays unread until its password is verified, or the connection that spoke for this client has ended.</summary>
    WaitForAdmission,

    /// <summary>The connection stays unread: its client is too fast.</summary>
    WaitForRate,

    /// <summary>The connection ends.</summary>
    Close,
}
