using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>What becomes of a device that nobody wrote down, by the source that vouches for it. Immutable.</summary>
internal sealed class FirstContactPolicy
{
    private readonly RegistryOptions _options;
    private readonly Seeds _seeds;

    public FirstContactPolicy(RegistryOptions options, Seeds seeds)
    {
        _options = options;
        _seeds = seeds;
        Check("Devices", options.FirstContact, options.DefaultSite);
        foreach ((string source, SourceOptions own) in options.Sources)
            Check($"Devices:Sources:{source}", own.FirstContact ?? options.FirstContact, own.DefaultSite ?? options.DefaultSite);
    }

    /// <summary>The device as it comes into being; null when it may not.</summary>
    public Device? Meet(UnclaimedDevice stranger)
    {
        SourceOptions? own = _options.Sources.GetValueOrDefault(stranger.Source);
        return (own?.FirstContact ?? _options.FirstContact) switch
        {
            FirstContact.Reject => null,
            FirstContact.Hold => Held(stranger),
            _ => AtSite(Held(stranger), _seeds.FindSite((own?.DefaultSite ?? _options.DefaultSite)!)!),
        };
    }

    /// <summary>The device as one that waits for a decision.</summary>
    public Device Held(UnclaimedDevice stranger) => new()
    {
        Source = stranger.Source,
        Key = stranger.Key,
        Name = stranger.Key,
        Family = stranger.Family,
        Profile = stranger.Profile,
        Period = Duration.FromSeconds(_options.DefaultPeriodSeconds),
        FirstSeen = stranger.FirstSeen,
        Standing = DeviceStanding.Unclaimed,
    };

    private Device AtSite(Device device, Site site) => _seeds.Placed(
        device with { Standing = DeviceStanding.InService, Site = site.Id, Area = site.Area, Position = site.Position },
        VietnamTime.DateOf(device.FirstSeen!.Value));

    private void Check(string setting, FirstContact policy, string? site)
    {
        if (policy == FirstContact.Create && (site is null || _seeds.FindSite(site) is null))
            throw new FirstContactException($"{setting}: FirstContact 'Create' needs a DefaultSite out of sites.csv{(site is null ? "" : $"; there is no site '{site}'")}. 'Hold' takes devices in without one.");
    }
}

/// <summary>The policy of first contact cannot be followed.</summary>
public sealed class FirstContactException(string message) : Exception(message);
