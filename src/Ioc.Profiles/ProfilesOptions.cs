namespace Ioc.Profiles;

/// <summary>Where the firmware profiles are.</summary>
public sealed class ProfilesOptions
{
    /// <summary>Folder that holds metrics.yaml and a folder per device type; relative to the folder of the program.</summary>
    public string Path { get; set; } = "firmware-profiles";

    /// <summary><see cref="Path"/> made absolute.</summary>
    public string FullPath => System.IO.Path.GetFullPath(Path, AppContext.BaseDirectory);
}
