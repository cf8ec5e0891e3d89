using System.Net;
using System.Net.Sockets;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Startup;

/// <summary>A start that must fail says why in words, names file and line where there is one, and leaves without a stack.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task A_profile_with_a_typo_is_named_with_file_and_line()
    {
        using var folder = new TemporaryFolder();
        string profiles = Copy(Path.Combine(Programs.Root(), "firmware-profiles"), folder.File("profiles"));
        string broken = Directory.EnumerateFiles(profiles, "*.profile.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        await File.AppendAllTextAsync(broken, "\nfeilds: []\n", TestContext.Current.CancellationToken);

        (int exitCode, string output) = await IocProcess.StartInVainAsync(folder.FullName, "--Profiles:Path", profiles);

        Assert.Equal(2, exitCode);
        Assert.Contains(Path.GetFileName(broken), output, StringComparison.Ordinal);
        Assert.Matches(@":\d+: .*feilds", output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seeds_file_with_a_duplicate_id_is_named_with_file_and_line()
    {
        using var folder = new TemporaryFolder();
        string seeds = Copy(Path.Combine(Programs.Root(), "seeds"), folder.File("seeds"));
        string local = Directory.CreateDirectory(Path.Combine(seeds, "local")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(local, "devices.csv"),
            """
            key,source,name,family,profile,site,area,lat,lon,period_s,parent,params
            A1,,Trạm A,air,airgradient,,,,,60,,
            A1,,Trạm B,air,airgradient,,,,,60,,

            """,
            TestContext.Current.CancellationToken);

        (int exitCode, string output) = await IocProcess.StartInVainAsync(folder.FullName, "--Seeds:Path", seeds);

        Assert.Equal(2, exitCode);
        Assert.Contains("devices.csv:3", output, StringComparison.Ordinal);
        Assert.Contains("A1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_is_named()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        (int exitCode, string output) = await IocProcess.StartInVainAsync(folder.FullName, "--Mqtt:Port", ((IPEndPoint)other.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(2, exitCode);
        Assert.Contains("in use", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_turned_away()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess first = await IocProcess.StartAsync(folder.FullName);

        (int exitCode, string output) = await IocProcess.StartInVainAsync(folder.FullName);

        Assert.Equal(2, exitCode);
        Assert.Contains("cannot start", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_application_does_not_open_to_the_outside()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output) = await IocProcess.StartInVainAsync(folder.FullName, "--Urls", "http://0.0.0.0:0");

        Assert.Equal(2, exitCode);
        Assert.Contains("no accounts yet", output, StringComparison.Ordinal);
    }

    private static string Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }
}
