using Ioc.Alarms;
using Ioc.Alarms.Lifecycle;
using Ioc.Devices;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Testing;
using Ioc.Tests.Devices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Alarms;

public class CompositionTests
{
    [Fact]
    public void The_rooms_of_devices_and_alarms_put_themselves_together_from_seeds_and_settings()
    {
        using var folder = new TemporaryFolder();
        using ServiceProvider provider = Compose(folder, "Devices:FirstContact", "Reject");

        Assert.NotNull(provider.GetRequiredService<AlarmEngine>());
        Assert.NotNull(provider.GetRequiredService<TwinStore>());
        DeviceRegistry registry = provider.GetRequiredService<DeviceRegistry>();
        Assert.Equal(default, registry.Resolve("default"u8, "stranger"u8, "p", "other"));
    }

    [Theory]
    [InlineData("Devices:MaxUnclaimed", "-1", nameof(RegistryOptions.MaxUnclaimed))]
    [InlineData("Devices:Twins:MaxSeriesPerDevice", "0", nameof(TwinOptions.MaxSeriesPerDevice))]
    [InlineData("Alarms:MaxOpen", "0", nameof(AlarmOptions.MaxOpen))]
    public void A_setting_out_of_range_is_named(string key, string value, string name)
    {
        using var folder = new TemporaryFolder();
        using ServiceProvider provider = Compose(folder, key, value);

        OptionsValidationException wrong = Assert.Throws<OptionsValidationException>(() => (provider.GetRequiredService<TwinStore>(), provider.GetRequiredService<AlarmEngine>()));
        Assert.Contains(name, wrong.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Compose(TemporaryFolder folder, string key, string value)
    {
        File.WriteAllText(folder.File("metrics.yaml"), ReferenceSeedsTests.MetricsOfTheRules);
        IConfigurationRoot settings = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IClock>(new FakeClock())
            .AddSingleton<IAlarmLedger, MemoryAlarmLedger>()
            .AddDevices(settings.GetSection("Devices"), [ReferenceSeedsTests.Folder], folder.File("metrics.yaml"))
            .AddAlarms(settings.GetSection("Alarms"))
            .BuildServiceProvider();
    }
}
