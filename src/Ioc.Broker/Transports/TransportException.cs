namespace Ioc.Broker.Transports;

/// <summary>A transport cannot be opened; the message names the setting and says why in words for the person who started the server.</summary>
public sealed class TransportException(string message, Exception? cause = null) : Exception(message, cause);
