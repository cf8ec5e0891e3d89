using Ioc.Broker.Access;
using Ioc.Devices.Registry;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Model;
using Ioc.Server.Access;
using Ioc.Server.Api;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Onboarding;

/// <summary>A credential that somebody asks for on a device's page.</summary>
/// <param name="UserName">Left out: the device's key.</param>
/// <param name="Publish">Patterns it may publish to; left out: the topics of the device's profile.</param>
/// <param name="Subscribe">Patterns it may subscribe within.</param>
public sealed record DeviceCredentialRequest(string? UserName = null, IReadOnlyList<string>? Publish = null, IReadOnlyList<string>? Subscribe = null);

/// <summary>The credentials of one device.</summary>
internal static class DeviceCredentialsApi
{
    public static void MapDeviceCredentials(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/devices/{id}/credentials", ListAsync).WithSummary("How a device proves itself, revoked credentials included")
            .Produces<Page<CredentialView>>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/devices/{id}/credentials", IssueAsync).WithSummary("Issue a credential; its password is in this answer and nowhere else")
            .Produces<CredentialView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Page<CredentialView>> ListAsync(AccessLedger ledger, DeviceRegistry registry, string id, CancellationToken stopping)
    {
        Device device = DevicesApi.Find(registry, id);
        return new Page<CredentialView>([.. (await OfAsync(ledger, device, stopping)).Select(row => CredentialView.Of(row))], null);
    }

    private static async Task<IResult> IssueAsync(
        AccessLedger ledger, AccessWatch watch, DeviceRegistry registry, ProfileEditions editions, IClock clock, HttpContext http, string id, DeviceCredentialRequest request, CancellationToken stopping)
    {
        Device device = DevicesApi.Find(registry, id);
        if (device.Source != Device.DefaultSource)
            throw new BadParameterException("id", $"'{device.ApiId}' does not connect by itself: '{device.Source}' vouches for it.");
        if (!device.IsLive)
            throw new BadParameterException("id", $"'{device.ApiId}' is {Words.Of(device.Standing)}; what it sends is set aside.");

        var credential = new NewCredential
        {
            UserName = string.IsNullOrWhiteSpace(request.UserName) ? device.Key : request.UserName.Trim(),
            Device = device.Key,
            Publish = [.. request.Publish ?? DeviceRights.Of(editions.Current.Set.Profiles.FirstOrDefault(profile => profile.Name == device.Profile))],
            Subscribe = [.. request.Subscribe ?? []],
        };
        return await CredentialsApi.IssueAsync(ledger, watch, clock, credential, Actors.Of(http), stopping);
    }

    // Only the default source names devices by their key alone; behind a gateway the same key is somebody else.
    private static async Task<IReadOnlyList<CredentialRow>> OfAsync(AccessLedger ledger, Device device, CancellationToken stopping) =>
        device.Source == Device.DefaultSource ? await ledger.OfDeviceAsync(device.Key, stopping) : [];
}

/// <summary>What a device needs to be allowed to speak: the topics of its profile, narrowed to its own name.</summary>
internal static class DeviceRights
{
    /// <summary>Patterns to publish to; none where the profile has no topics of its own, so that the general rights hold.</summary>
    public static IReadOnlyList<string> Of(ProfileModel? profile) =>
        [.. (profile?.Topics ?? []).Where(topic => topic.Contains("{device}", StringComparison.Ordinal)).Select(Pattern).Where(pattern => RightsPattern.Fault(pattern) is null).Distinct(StringComparer.Ordinal).Take(32)];

    private static string Pattern(string topic) => string.Join('/', topic.Split('/').Select(Level));

    private static string Level(string level) =>
        level.Replace("{device}", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal) ? "+" : level;
}
