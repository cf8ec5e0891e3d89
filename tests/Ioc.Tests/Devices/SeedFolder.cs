using Ioc.Devices.Registry;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Devices;

/// <summary>A folder of seeds that is right until a test spoils one file of it.</summary>
internal sealed class SeedFolder : IDisposable
{
    public const string AreaHeader = "code,name,level,parent,valid_from,valid_to,lat,lon,predecessors";
    public const string SiteHeader = "id,name,kind,area,lat,lon";
    public const string DeviceHeader = "key,source,name,family,profile,site,area,lat,lon,period_s,parent,params";

    private readonly TemporaryFolder _folder = new();

    public SeedFolder()
    {
        Write("areas.csv", $"""
            {AreaHeader}
            11,Old Province,province,,2000-01-01,2025-06-30,,,
            900,Old Town,district,11,2000-01-01,2025-06-30,,,
            11,New Province,province,,2025-07-01,,,,11
            00042,Riverside,commune,11,2025-07-01,,13.77,109.23,900
            """);
        Write("zones.yaml", """
            zones:
              - id: town
                name: Town
                units:
                  - {code: "00042", from: 2025-07-01}
            """);
        Write("sites.csv", $"""
            {SiteHeader}
            hall,"Town hall, east",office,00042,13.771,109.231
            """);
        Write("devices.csv", $"""
            {DeviceHeader}
            cabinet-1,,,lighting,,hall,,,,60,,
            dcu-1,,Concentrator,concentrator,,,00042,13.5,109.1,60,,
            meter-1,,Meter,electricity,gateway,,,,,1800,dcu-1,bd1_m=6.0;note=two words
            """);
    }

    public void Write(string file, string text) => File.WriteAllText(_folder.File(file), text);

    public string Read(string file) => File.ReadAllText(_folder.File(file));

    public Seeds Load() => Seeds.Load([_folder.FullName], Sample.Today);

    /// <summary>The errors, without the folder's name.</summary>
    public string[] Errors() =>
        [.. Assert.Throws<SeedException>(Load).Errors.Select(error => error.ToString().Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))];

    public void Dispose() => _folder.Dispose();
}
