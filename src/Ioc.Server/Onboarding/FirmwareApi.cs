using System.ComponentModel;
using System.Globalization;
using Ioc.Devices.Firmware;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Model;
using Ioc.Server.Api;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Onboarding;

/// <summary>A member of the messages that no profile reads.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Samples">How many sampled messages had it.</param>
/// <param name="FirstSeen">In the first of them.</param>
/// <param name="LastSeen">In the last of them.</param>
public sealed record UnreadMemberView(string Name, long Samples, Instant FirstSeen, Instant LastSeen);

/// <summary>One firmware in the field.</summary>
/// <param name="Profile">The profile that reads it.</param>
/// <param name="Line">The firmware line that the profile declares.</param>
/// <param name="Version">What its devices say of themselves; null when they say nothing.</param>
/// <param name="Devices">Live devices that run it now.</param>
/// <param name="Messages">All that came since the census began, those set aside included.</param>
/// <param name="Failures">Those set aside, by reason.</param>
/// <param name="UnknownFields">Members that no profile reads, out of samples; newest first.</param>
public sealed record FirmwareView(
    string Profile, string Line, string? Version, int Devices, Instant FirstSeen, Instant LastSeen, long Messages,
    IReadOnlyDictionary<string, long> Failures, IReadOnlyList<UnreadMemberView> UnknownFields);

/// <summary>Which firmware is in the field, and how well it is understood.</summary>
internal static class FirmwareApi
{
    public static void MapFirmware(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/firmware", List).WithSummary("The firmware inventory, by profile and version")
            .Produces<Page<FirmwareView>>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static Page<FirmwareView> List(
        FirmwareCensus census,
        ProfileEditions editions,
        [FromQuery, Description("Only this profile")] string? profile,
        [FromQuery, Description("Rows per page, 1 to 1000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor)
    {
        int rows = Parameters.Limit(limit);
        int from = (int)Math.Min(Parameters.Number("cursor", cursor) ?? 0, int.MaxValue - 1_000);
        IReadOnlyDictionary<(string, string?), int> devices = census.Devices();
        Dictionary<string, ProfileModel> lines = editions.Current.Set.Profiles.ToDictionary(known => known.Name);
        FirmwareCount[] found = [.. census.Read().Where(count => string.IsNullOrEmpty(profile) || count.Profile == profile).Skip(from).Take(rows + 1)];
        return new Page<FirmwareView>(
            [.. found.Take(rows).Select(count => Of(count, lines.GetValueOrDefault(count.Profile)?.Firmware ?? "", devices.GetValueOrDefault((count.Profile, count.Version))))],
            found.Length > rows ? (from + rows).ToString(CultureInfo.InvariantCulture) : null);
    }

    private static FirmwareView Of(FirmwareCount count, string line, int devices) => new(
        count.Profile,
        line,
        count.Version,
        devices,
        count.FirstSeen,
        count.LastSeen,
        count.Messages,
        count.Failures.ToDictionary(failure => Words.Of(failure.Key), failure => failure.Value),
        [.. count.Unread.OrderByDescending(member => member.Value.FirstSeen).ThenBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => new UnreadMemberView(member.Key, member.Value.Samples, member.Value.FirstSeen, member.Value.LastSeen))]);
}
