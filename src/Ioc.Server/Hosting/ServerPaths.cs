namespace Ioc.Server.Hosting;

/// <summary>Where things are.</summary>
/// <param name="Data">Journal, readings and operational state; relative settings are against the working directory.</param>
/// <param name="Profiles">Firmware profiles and the metric catalogue.</param>
/// <param name="Seeds">Seed folders, in loading order.</param>
internal sealed record ServerPaths(string Data, string Profiles, IReadOnlyList<string> Seeds)
{
    public string Journal => Path.Combine(Data, "journal");

    public string MetricCatalogue => Path.Combine(Profiles, "metrics.yaml");

    public static ServerPaths Of(IConfiguration configuration, bool demo)
    {
        string data = configuration["Data:Path"] ?? (demo ? "data/demo" : "data");
        string profiles = configuration["Profiles:Path"] ?? Path.Combine(AppContext.BaseDirectory, "firmware-profiles");
        string seeds = configuration["Seeds:Path"] ?? Path.Combine(AppContext.BaseDirectory, "seeds");

        // Reference data always; the demonstration's devices only when asked for; a site's own when it has any.
        string[] wanted = demo ? ["reference", "demo", "local"] : ["reference", "local"];
        return new ServerPaths(
            Path.GetFullPath(data),
            Path.GetFullPath(profiles),
            [.. wanted.Select(folder => Path.GetFullPath(Path.Combine(seeds, folder))).Where(Directory.Exists)]);
    }
}
