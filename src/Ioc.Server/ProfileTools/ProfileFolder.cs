using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Profiles.Preview;

namespace Ioc.Server.ProfileTools;

/// <summary>A folder of profiles that is worked on, without a server.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="MetricCatalogue">The catalogue it is compiled with: its own, that of the folder around it, or the shipped one.</param>
internal sealed record ProfileFolder(string Path, string MetricCatalogue)
{
    private const string CatalogueName = "metrics.yaml";

    /// <summary>Where the server itself would look, unless a folder is named.</summary>
    public static ProfileFolder Of(string? named)
    {
        string shipped = System.IO.Path.Combine(AppContext.BaseDirectory, "firmware-profiles");
        IConfiguration settings = new ConfigurationBuilder()
            .AddJsonFile(System.IO.Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        string path = System.IO.Path.GetFullPath(named ?? settings["Profiles:Path"] ?? shipped);
        string?[] around = [path, System.IO.Path.GetDirectoryName(path)];
        string? catalogue = around.OfType<string>().Select(folder => System.IO.Path.Combine(folder, CatalogueName)).FirstOrDefault(File.Exists);
        return new ProfileFolder(path, catalogue ?? System.IO.Path.Combine(shipped, CatalogueName));
    }

    /// <summary>Everything wrong in the folder, each as "file:line: what and how to mend it".</summary>
    public IReadOnlyList<string> Check(out DecodeBench? bench)
    {
        bench = null;
        try
        {
            MetricCatalogue metrics = MetricCatalogueFile.Load(MetricCatalogue);
            var channels = new ChannelTable();
            bench = new DecodeBench(
                ProfileSet.Load(Path, metrics, channels), metrics, channels, new Lazy<IReadOnlyDictionary<string, ProfileOutline>>(() => ProfileOutline.ReadAll(Path)));
            return [];
        }
        catch (MetricCatalogueException wrong)
        {
            return [.. wrong.Errors.Select(error => error.ToString())];
        }
        catch (ProfileException wrong)
        {
            return wrong.Errors;
        }
    }
}
