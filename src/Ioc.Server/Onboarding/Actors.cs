using System.Net;
using Ioc.Devices.Onboarding;

namespace Ioc.Server.Onboarding;

/// <summary>Who stands behind a request or a command, for the audit.</summary>
internal static class Actors
{
    /// <summary>The product itself, doing what its settings say.</summary>
    public static Actor Policy { get; } = new("ioc", null, "policy");

    /// <summary>Whoever runs the command line.</summary>
    public static Actor CommandLine => new(Environment.UserName, null, "cli");

    /// <summary>The signed-in account; until there are accounts, the local operator.</summary>
    public static Actor Of(HttpContext http)
    {
        IPAddress? address = http.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return new Actor(http.User.Identity?.Name ?? Actor.LocalOperator, address?.ToString(), "api");
    }
}
