using Ioc.Mqtt;
using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Load;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Players;
using Ioc.Simulators.Playing;
using Ioc.Simulators.Story;
using Ioc.Simulators.Terminal;
using NodaTime;

namespace Ioc.Simulators.CommandLine;

/// <summary>Does what the command line asked for; the results are exit codes.</summary>
internal static class SimulatorRun
{
    private const int DirectConnections = 8, LoadConnections = 50;
    private const long LoadCount = 100_000;
    private const int QueuedPerLink = 1_000;
    private const uint LoadSessionExpirySeconds = 3_600;
    private static readonly TimeSpan SettlePatience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(SimulatorOptions options, CancellationToken ct)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (options.UntilStdinCloses)
            _ = StopAtEndOfInputAsync(stopping);

        try
        {
            return options.IsLoad ? await LoadAsync(options, stopping.Token) : await PlayAsync(options, stopping.Token);
        }
        catch (Exception expected) when (expected is FleetFileException or HttpRequestException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(expected.Message);
            return 2;
        }
    }

    private static async Task<int> PlayAsync(SimulatorOptions options, CancellationToken ct)
    {
        IReadOnlyList<FleetDevice> fleet = FleetFile.Load(options.Seeds, Cast.Profiles);
        IReadOnlyList<IPlayer> players = Cast.Of(fleet, options.RandomSeed);
        Instant start = SystemClock.Instance.GetCurrentInstant();
        var counters = new LinkCounters();
        var run = new FleetRun(
            players, new LinkPlan(options.Connections ?? DirectConnections), Links(options), counters, SystemClock.Instance, options.RandomSeed);

        Console.WriteLine($"Playing {fleet.Count} devices of {options.Seeds} to {options.Host}:{options.Port}; stop with Ctrl+C.");
        Task playing = run.PlayAsync(new SimulatedTime(start, options.Speed), options.Story ? Plot.Demo(start) : Plot.Quiet, ct);
        await Progress.WhileAsync(playing, counters, wanted: null);
        Console.WriteLine(FormattableString.Invariant($"sent {counters.Sent}, acknowledged {counters.Acknowledged}"));
        return 0;
    }

    private static async Task<int> LoadAsync(SimulatorOptions options, CancellationToken ct)
    {
        var plan = new LoadPlan(
            options.Count ?? LoadCount, options.Devices, Math.Max(1, options.Connections ?? LoadConnections), SystemClock.Instance.GetCurrentInstant(), options.Key);
        if (plan.Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 2;
        }

        using var http = new HttpClient();
        BalanceReader? balance = options.Server is null ? null : new BalanceReader(http, options.Server);
        Balance? before = balance is null ? null : await balance.ReadAsync(ct);

        var counters = new LinkCounters();
        var run = new LoadRun(plan, new LoadMessages(plan, Noise.Of(options.RandomSeed, "load")), new Pace(options.Rate ?? 0), Links(options), counters);
        await Progress.WhileAsync(run.SendAsync(ct), counters, plan.Count);

        Balance? after = balance is null || ct.IsCancellationRequested ? null : await balance.WaitUntilSettledAsync(SettlePatience, ct);
        LoadVerdict verdict = LoadVerdict.Of(plan.Count, counters.Sent, counters.Acknowledged, before, after);
        Console.WriteLine(FormattableString.Invariant(
            $"{plan.Connections} connections, {run.Elapsed.TotalSeconds:F1} s, {counters.Acknowledged / run.Elapsed.TotalSeconds:F0} messages/s"));
        foreach (string line in verdict.Lines())
            Console.WriteLine(line);

        return verdict.IsMissingAny ? 1 : 0;
    }

    private static LinkOptions Links(SimulatorOptions options) => new(
        options.Host, options.Port, options.Version, options.Qos, options.Window, QueuedPerLink,
        options.Version == ProtocolVersion.V5 ? LoadSessionExpirySeconds : 0);

    // The parent holds the other end; when it dies, however it dies, the stream ends.
    private static async Task StopAtEndOfInputAsync(CancellationTokenSource stopping)
    {
        await using Stream input = Console.OpenStandardInput();
        byte[] ignored = new byte[256];
        while (await input.ReadAsync(ignored) > 0)
        {
        }

        await stopping.CancelAsync();
    }
}
