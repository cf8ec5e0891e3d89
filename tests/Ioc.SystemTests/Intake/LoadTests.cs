using System.Globalization;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Intake;

/// <summary>The engineer's load run, smaller: everything sent is acknowledged, everything acknowledged is stored.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task A_load_run_ends_with_everything_stored_and_a_balance_without_difference()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);

        string told = await Programs.RunAsync("dotnet",
            [Programs.Simulator, "--rate", "0", "--count", "30000", "--connections", "10", "--port", server.MqttPort.ToString(CultureInfo.InvariantCulture), "--server", server.Web.BaseAddress!.ToString()]);

        Assert.Contains("sent 30000, acknowledged 30000", told, StringComparison.Ordinal);
        Assert.Contains("stored 30000", told, StringComparison.Ordinal);
        Balance balance = await server.BalanceAsync();
        Assert.Equal((30_000, 30_000, 0, 0), (balance.Received, balance.Stored, balance.InFlight, balance.Difference));
    }

    [Fact]
    public async Task The_measuring_load_is_acknowledged_in_order_stored_and_delivered_without_a_gap()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);

        string told = await Programs.RunAsync("dotnet",
            [
                Programs.Load, "publish", "--count", "20000", "--connections", "10", "--subscriber", "--settle", "--pid", server.ProcessId.ToString(CultureInfo.InvariantCulture),
                "--port", server.MqttPort.ToString(CultureInfo.InvariantCulture), "--web", server.Web.BaseAddress!.ToString(),
            ]);

        Assert.Contains("messages=20000", told, StringComparison.Ordinal);
        Assert.Contains("overtaken=0", told, StringComparison.Ordinal);
        Balance balance = await server.BalanceAsync();
        Assert.Equal((20_000, 20_000, 0, 0), (balance.Received, balance.Stored, balance.InFlight, balance.Difference));
    }

    [Fact]
    public async Task Without_the_pipeline_the_journal_takes_everything_and_the_balance_shows_it_in_flight()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, "--Pipeline:Enabled", "false");

        await Programs.RunAsync("dotnet", [Programs.Simulator, "--rate", "0", "--count", "5000", "--port", server.MqttPort.ToString(CultureInfo.InvariantCulture)]);

        Balance balance = await server.BalanceAsync();
        Assert.Equal((5_000, 0, 5_000, 0), (balance.Received, balance.Stored, balance.InFlight, balance.Difference));
    }
}
