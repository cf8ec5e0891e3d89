using System.Text.RegularExpressions;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Profiles.Model;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Messages set aside for one reason with one detail.</summary>
/// <param name="Id">Names the group in the other requests.</param>
/// <param name="Reason">Why.</param>
/// <param name="Profile">The profile at fault; null when none was chosen.</param>
/// <param name="Firmware">The firmware line that it is for; null when no profile was chosen.</param>
/// <param name="Detail">Profile and field, in words.</param>
/// <param name="Count">Messages.</param>
/// <param name="FirstSeen">Arrival of the oldest.</param>
/// <param name="LastSeen">Arrival of the newest.</param>
/// <param name="Devices">How many devices are concerned, as far as known.</param>
/// <param name="Device">API id of one of them.</param>
/// <param name="Example">The newest of them; null when the journal no longer keeps it.</param>
public sealed record QuarantineGroupView(
    string Id, string Reason, string? Profile, string? Firmware, string Detail, long Count, Instant FirstSeen, Instant LastSeen, long Devices, string? Device, KeptMessageView? Example);

/// <summary>Groups as people see them.</summary>
internal sealed partial class GroupViews(KeptMessages messages, Func<ProfileSet> profiles, DeviceRegistry registry)
{
    // An example in a list is looked at, not studied.
    private const int ExampleBytes = 1_024;

    /// <summary>A group with an example. Payloads that may not be shown are not read as somebody's attempt: nobody asked for that message.</summary>
    public async Task<QuarantineGroupView> OfAsync(QuarantineGroup group, CancellationToken stopping)
    {
        KeptMessage? example = await messages.ReadAsync(group.LastOffset, stopping);
        if (example is not null && group.Reason == QuarantineReason.PersonalData)
            example = example with { IsWithheld = true };

        ProfileModel? profile = ProfileOf(group);
        return new QuarantineGroupView(
            group.Id,
            Words.Of(group.Reason),
            profile?.Name,
            profile?.Firmware,
            group.Detail,
            group.Count,
            group.FirstSeen,
            group.LastSeen,
            group.DeviceCount,
            group.Device,
            example is null ? null : KeptMessageView.Of(example, ExampleBytes));
    }

    // Details begin with the profile at fault. Without one, the device's own counts where all messages are of one device.
    private ProfileModel? ProfileOf(QuarantineGroup group)
    {
        Match named = Named().Match(group.Detail);
        string? name = named.Success ? named.Groups[1].Value
            : group is { DeviceCount: 1, Device: { } only } && registry.TryFind(only, out Device? device) ? device.Profile : null;
        return name is null ? null : profiles().Profiles.FirstOrDefault(profile => profile.Name == name);
    }

    [GeneratedRegex("^profile ([^:,]+)[:,]")]
    private static partial Regex Named();
}
