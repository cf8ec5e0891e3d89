namespace Ioc.Profiles.Model;

/// <summary>A loaded profile, for people and for the tracker of counters: one firmware kind. Immutable.</summary>
public sealed class ProfileModel
{
    internal ProfileModel(ProfileConfig config)
    {
        Name = config.Name.Value;
        Family = config.Family;
        Vendor = config.Vendor;
        Model = config.Model;
        Firmware = config.Firmware;
        File = config.Mark.File;
        Topics = [.. config.Topics.Select(topic => topic.Pattern.Value)];
    }

    /// <summary>Unique name; what a device's assignment in the registry says.</summary>
    public string Name { get; }

    /// <summary>Family of the devices it creates at first contact.</summary>
    public string Family { get; }

    /// <summary>Who makes it.</summary>
    public string Vendor { get; }

    /// <summary>Which device.</summary>
    public string Model { get; }

    /// <summary>Which firmware line.</summary>
    public string Firmware { get; }

    /// <summary>Path of the file, relative to the profile folder.</summary>
    public string File { get; }

    /// <summary>Topic patterns of its own; empty when an envelope brings them.</summary>
    public IReadOnlyList<string> Topics { get; }
}
