using System.Globalization;
using System.Text;
using System.Text.Json;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Onboarding;

/// <summary>A thousand devices at once, through the API and beside a running server.</summary>
public sealed class ImportTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_rows_with_thirteen_bad_ones_are_taken_reported_and_kept()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();

        JsonElement dry = await ImportAsync(world, Table("nuoc"), "?dryRun=true");
        Assert.Equal(987, dry.GetProperty("created").GetInt32());
        Assert.Empty((await world.Server.GetAsync("/api/devices?q=nuoc")).GetProperty("items").EnumerateArray());

        JsonElement report = await ImportAsync(world, Table("nuoc"), "");
        Assert.Equal((1_000, 987, 0, 13), Figures(report));
        JsonElement[] faults = [.. report.GetProperty("faults").EnumerateArray()];
        Assert.Equal((13, 76, "family"), (faults.Length, faults[0].GetProperty("row").GetInt32(), faults[0].GetProperty("column").GetString()));
        Assert.Contains("nhóm", faults[0].GetProperty("vi").GetString(), StringComparison.Ordinal);
        Assert.Contains("family", faults[0].GetProperty("en").GetString(), StringComparison.Ordinal);

        await world.RestartAsync();
        Assert.Equal("Đồng hồ 1000", (await world.DeviceAsync("nuoc-1000")).GetProperty("name").GetString());
        Assert.Equal((1_000, 0, 0, 13), Figures(await ImportAsync(world, Table("nuoc"), "")));
        Assert.Equal(987, (await world.Server.GetAsync("/api/devices?q=nuoc-&limit=1000")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_command_line_imports_beside_a_running_server_which_takes_the_devices_over()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.PublishAsync("may-0001", 1);
        await world.UntilKnownAsync("may-0001");
        using var folder = new TemporaryFolder();
        string file = folder.File("devices.csv");
        await File.WriteAllTextAsync(file, "\uFEFFname;key;family;lat;lon\nMáy số 1;may-0001;electricity;13,77;109,22\nMáy số 2;may-0002;electricity;;\n", Stopping);

        string dry = await world.CommandAsync("import", file, "--dry-run");
        Assert.Contains("row 2: update may-0001: name may-0001 → Máy số 1", dry, StringComparison.Ordinal);
        string said = await world.CommandAsync("import", file);

        Assert.Contains("2 rows: 1 created, 1 updated, 0 unchanged, 0 failed", said, StringComparison.Ordinal);
        await world.UntilKnownAsync("may-0002");
        JsonElement device = await world.DeviceAsync("may-0001");
        Assert.Equal(("Máy số 1", "inService", 13.77), (device.GetProperty("name").GetString(), device.GetProperty("standing").GetString(), device.GetProperty("position").GetProperty("lat").GetDouble()));
        JsonElement audit = Assert.Single((await world.Server.GetAsync("/api/audit?device=may-0002")).GetProperty("items").EnumerateArray());
        Assert.Equal(("device.import", "cli"), (audit.GetProperty("action").GetString(), audit.GetProperty("via").GetString()));
    }

    private static string Table(string prefix)
    {
        var csv = new StringBuilder("key,name,family,lat,lon,period_s\n");
        for (int i = 1; i <= 1_000; i++)
            csv.Append(CultureInfo.InvariantCulture, $"{prefix}-{i:0000},Đồng hồ {i},{(i % 75 == 0 ? "nuoc" : "water")},13.77,109.22,1800\n");
        return csv.ToString();
    }

    private static async Task<JsonElement> ImportAsync(OnboardingWorld world, string csv, string query)
    {
        using var body = new StringContent(csv, Encoding.UTF8, "text/csv");
        using HttpResponseMessage answer = await world.Server.Web.PostAsync($"/api/devices/import{query}", body, Stopping);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stopping)).RootElement;
    }

    private static (int Rows, int Created, int Updated, int Failed) Figures(JsonElement report) =>
        (report.GetProperty("rows").GetInt32(), report.GetProperty("created").GetInt32(), report.GetProperty("updated").GetInt32(), report.GetProperty("failed").GetInt32());
}
