namespace Ioc.Profiles;

/// <summary>Where the firmware profiles are.</summary>
public sealed class ProfilesOptions
{
    /// <summary>Folder that holds metrics.yaml and a folder per device type; relative to the folder of the program.</summary>
    public string Path { get; set; } = "firmware-profiles";

    /// <summary>Folder that keeps the editions messages were decoded with; the server puts it into its data folder.</summary>
    public string ArchivePath { get; set; } = "data/profiles";

    /// <summary>How often, in seconds, the folder is looked at for changes; 0 is never: then only a call of the API does.</summary>
    public int ReloadSeconds { get; set; } = 2;

    /// <summary><see cref="Path"/> made absolute.</summary>
    public string FullPath => System.IO.Path.GetFullPath(Path, AppContext.BaseDirectory);
}
