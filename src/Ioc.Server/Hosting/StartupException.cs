namespace Ioc.Server.Hosting;

/// <summary>The server cannot start, and the message says why in words for the person who started it; no stack is shown.</summary>
internal sealed class StartupException(string message) : Exception(message);
