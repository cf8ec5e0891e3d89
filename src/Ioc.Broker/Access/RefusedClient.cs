using System.Net;

namespace Ioc.Broker.Access;

/// <summary>Whom something was refused; what is known of it at that moment.</summary>
/// <param name="ClientId">Its client id; null before it said one.</param>
/// <param name="UserName">The user name it said or proved; null when none.</param>
/// <param name="Address">Where it came from.</param>
internal readonly record struct RefusedClient(string? ClientId, string? UserName, IPAddress? Address);
