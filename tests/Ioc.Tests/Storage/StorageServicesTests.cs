using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Registry;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Storage.Influx;
using Ioc.Storage.Operational;
using Ioc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class StorageServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_configuration_readings_go_to_DuckDB_under_the_data_path()
    {
        await using ServiceProvider provider = Build();

        var store = Assert.IsType<DuckDbReadingStore>(provider.GetRequiredService<IReadingStore>());
        await store.OpenAsync(TestContext.Current.CancellationToken);
        await provider.GetRequiredService<IAlarmLedger>().LoadAsync(TestContext.Current.CancellationToken);

        Assert.True(File.Exists(Path.Combine(_folder.FullName, "deep", "readings.duckdb")));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "deep", "operational.db")));
        Assert.NotNull(provider.GetRequiredService<IDeviceLedger>());
        Assert.NotNull(provider.GetRequiredService<QuarantineIndex>());
    }

    [Fact]
    public async Task Operators_words_choose_InfluxDB()
    {
        await using ServiceProvider provider = Build(("Kind", "influx"), ("Influx:Api", "v2"), ("Influx:Org", "gialai"), ("Influx:Bucket", "ioc"), ("Influx:Token", "t"));

        Assert.IsType<InfluxReadingStore>(provider.GetRequiredService<IReadingStore>());
    }

    [Theory]
    [InlineData("Storage:Influx:Url", "Influx:Url", "ftp://x")]
    [InlineData("Storage:Influx:Org", "Influx:Api", "v2")]
    [InlineData("Storage:Influx:Database", "Influx:Database", " ")]
    [InlineData("MaxPoints", "Influx:MaxPoints", "0")]
    public async Task A_setting_that_cannot_work_is_named_at_start(string named, string key, string value)
    {
        await using ServiceProvider provider = Build(("Kind", "influx"), (key, value));

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IReadingStore>);

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private ServiceProvider Build(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Storage:" + setting.Key, (string?)setting.Value))).Build();
        var world = new StorageWorld();
        return new ServiceCollection().AddLogging()
            .AddSingleton(world.Registry).AddSingleton(world.Metrics).AddSingleton(world.Channels)
            .AddStorage(configuration.GetSection("Storage"), Path.Combine(_folder.FullName, "deep"))
            .BuildServiceProvider();
    }
}
