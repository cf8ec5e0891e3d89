using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Ioc.Storage.Operational;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices.Onboarding;

/// <summary>A desk over a real operational database and the small province of <see cref="SeedFolder"/>.</summary>
internal sealed class DeskWorld : IDisposable
{
    public static readonly Actor Somebody = new("trực ban", "10.0.0.7", "api");

    private readonly TemporaryFolder _folder = new();
    private readonly SeedFolder _seeds = new();
    private readonly RegistryOptions _options;
    private OperationalDatabase _database;

    public DeskWorld(RegistryOptions? options = null)
    {
        _options = options ?? new RegistryOptions();
        Seeds = _seeds.Load();
        _database = new OperationalDatabase(_folder.File("operational.db"));
        Registry = new DeviceRegistry(Seeds.Devices, _options, Clock, Seeds);
        Desk = NewDesk(Registry);
    }

    public FakeClock Clock { get; } = new(Sample.Start);

    public Seeds Seeds { get; }

    public DeviceRegistry Registry { get; private set; }

    public DeviceDesk Desk { get; private set; }

    public Device this[string apiId] => Registry.TryFind(apiId, out Device? device) ? device : throw new InvalidOperationException(apiId);

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>A stranger's first message.</summary>
    public Device Meet(string key, string source = "default") =>
        Registry[Registry.Resolve(source.ToUtf8(), key.ToUtf8(), "gateway", Families.Electricity)];

    public Task<DeskAnswer> DoAsync(string apiId, DeskAction action, DeviceEdit? edit = null, string? note = null, int? version = null) =>
        Desk.ChangeAsync(apiId, version ?? this[apiId].Version, action, edit ?? DeviceEdit.Nothing, note, Somebody, Stopping);

    public Task<ImportReport> ImportAsync(string csv, bool dryRun = false) => Desk.ImportAsync(csv, dryRun, Somebody, Stopping);

    public Task<IReadOnlyList<AuditRow>> AuditAsync(string? device = null) => new AuditLedger(_database).ReadAsync(device, null, 1_000, Stopping);

    /// <summary>Another process on the same file, as the command line is.</summary>
    public async Task<(DeviceRegistry Registry, DeviceDesk Desk)> BesideAsync()
    {
        var registry = new DeviceRegistry(Seeds.Devices, _options, Clock, Seeds);
        DeviceDesk desk = NewDesk(registry);
        await desk.RefreshAsync(Stopping);
        return (registry, desk);
    }

    public async Task RestartAsync()
    {
        _database.Dispose();
        _database = new OperationalDatabase(_folder.File("operational.db"));
        (Registry, Desk) = await BesideAsync();
    }

    public void Dispose()
    {
        _database.Dispose();
        _seeds.Dispose();
        _folder.Dispose();
    }

    private DeviceDesk NewDesk(DeviceRegistry registry) => new(
        registry, new RegistryLedger(_database), new DeviceEditor(Seeds, name => name is "gateway" or "gauge", Duration.FromMinutes(5)), Seeds, Clock);
}
