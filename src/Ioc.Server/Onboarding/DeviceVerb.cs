using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Ioc.Server.Hosting;
using Ioc.Server.ProfileTools;
using Ioc.Storage;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Onboarding;

/// <summary><c>ioc device …</c>: works on the data folder beside a running server, which takes changes over within two seconds.</summary>
internal static class DeviceVerb
{
    public const string Help = """
        Usage: ioc device import FILE [--dry-run] [--json]

          import  creates and updates devices from a CSV table with a header; - reads standard input. Columns in any order:
                  key, source, name, family, profile, site, area, lat, lon, period_s, parent, params, time_zone
                  UTF-8, with commas or semicolons. A missing column leaves what is, an empty cell clears.
                  Good rows are kept, bad ones are listed with row, column and reason.
          --dry-run           only says what would happen
          --json              the report as one JSON object

          --Data:Path data    the folder of the server; --Seeds:Path, --Profiles:Path as for the server

        Ends with 0; 1 when a row was bad; 2 when the table or the folder cannot be read.
        """;

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(string[] args)
    {
        DeviceArguments parsed = DeviceArguments.Parse(args);
        if (parsed.Fault is { } fault)
            return await RefuseAsync($"{fault}\n\n{Help}");

        try
        {
            ImportReport report = await ImportAsync(parsed, await ReadAsync(parsed.File), CancellationToken.None);
            Console.WriteLine(parsed.Json ? JsonSerializer.Serialize(report, Plain) : Text(report));
            return report.Faults.Count == 0 ? 0 : 1;
        }
        catch (DecoderFallbackException)
        {
            return await RefuseAsync($"{parsed.File} is not UTF-8. In a spreadsheet choose 'CSV UTF-8'.");
        }
        catch (Exception e) when (e is StorageException or SeedException or FirstContactException or ProfileException or IOException or UnauthorizedAccessException)
        {
            return await RefuseAsync(e.Message);
        }
    }

    private static async Task<ImportReport> ImportAsync(DeviceArguments parsed, string csv, CancellationToken stopping)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(parsed.Settings)
            .Build();
        ServerPaths paths = ServerPaths.Of(settings, demo: false);
        IClock clock = SystemClock.Instance;
        Seeds seeds = Seeds.Load(paths.Seeds, VietnamTime.DateOf(clock.GetCurrentInstant()));
        var options = new RegistryOptions();
        settings.GetSection("Devices").Bind(options);

        // The same registry as the server's: seeds, first contacts, decisions.
        using RegistryLedger ledger = RegistryLedger.Open(paths.Data);
        var registry = new DeviceRegistry(seeds.Devices, options, clock, seeds);
        registry.Restore(await ledger.ReadUnclaimedAsync(stopping));
        HashSet<string> profiles = Profiles(paths.Profiles);
        using var desk = new DeviceDesk(registry, ledger, new DeviceEditor(seeds, profiles.Contains, Duration.FromSeconds(options.DefaultPeriodSeconds)), seeds, clock);
        await desk.RefreshAsync(stopping);
        return await desk.ImportAsync(csv, parsed.DryRun, Actors.CommandLine, stopping);
    }

    private static HashSet<string> Profiles(string path)
    {
        IReadOnlyList<string> errors = ProfileFolder.Of(path).Check(out DecodeBench? bench);
        return bench is null ? throw new ProfileException(errors) : [.. bench.Profiles.Profiles.Select(profile => profile.Name)];
    }

    private static async Task<string> ReadAsync(string file)
    {
        await using Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
        return await reader.ReadToEndAsync();
    }

    private static string Text(ImportReport report) => string.Join(Environment.NewLine,
    [
        .. report.Faults.Select(fault => $"row {fault.Row}{(fault.Column is null ? "" : $", {fault.Column}")}: {fault.Vi} / {fault.En}"),
        .. report.DryRun ? report.Lines.Select(Text) : [],
        $"{report.Rows} rows: {report.Created} created, {report.Updated} updated, {report.Unchanged} unchanged, {report.Failed} failed{(report.DryRun ? " (dry run, nothing kept)" : "")}",
    ]);

    private static string Text(ImportLine line) =>
        $"row {line.Row}: {(line.IsNew ? "create" : "update")} {line.Device}: {string.Join(", ", line.Fields.Select(field => $"{field.Field} {field.Before ?? "-"} → {field.After ?? "-"}"))}";

    private static async Task<int> RefuseAsync(string words)
    {
        await Console.Error.WriteLineAsync($"ioc device: {words}");
        return 2;
    }
}
