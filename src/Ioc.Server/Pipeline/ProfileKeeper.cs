using System.Text;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Editions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Server.Pipeline;

/// <summary>
/// Looks at the profile folder and puts what changed there into force: a record in the journal says from which message on, so every
/// consumer changes at the same one. A folder with mistakes changes nothing.
/// </summary>
internal sealed class ProfileKeeper(
    RecordJournal journal,
    ProfileEditions editions,
    IOptions<ProfilesOptions> options,
    IClock clock,
    TimeProvider time,
    ILogger<ProfileKeeper> log) : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1);
    private FolderStamp _seen;
    private FolderStamp _before;
    private string _told = "";

    /// <summary>Before the first message is decoded: changes made while the server was down count from the journal's end on.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (editions.History is [])
            editions.Adopt(editions.Current, 0, clock.GetCurrentInstant(), journal.FirstOffset);
        else if (editions.History[^1].Id != editions.Current.Id)
            await PutIntoForceAsync(editions.Current, cancellationToken);

        _seen = _before = FolderStamp.Of(options.Value.FullPath);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Looks at the folder now.</summary>
    /// <returns>True when another edition came into force.</returns>
    /// <exception cref="IOException">The folder cannot be read, the archive not written, or the journal takes nothing now.</exception>
    public async Task<bool> ReloadAsync(CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping);
        try
        {
            ProfileEdition? next = editions.TryRead();
            TellMistakes();
            if (next is null)
                return false;

            await PutIntoForceAsync(next, stopping);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ReloadSeconds <= 0)
            return;

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.ReloadSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is IOException or JournalFailedException or UnauthorizedAccessException)
            {
                // Looked at again in a moment: a volume that is away, a file that is being replaced, a journal over budget or failed.
                ProfileKeeperLog.NotReloaded(log, e.Message);
                _seen = default;
            }
        }
    }

    // A folder that still changes between two looks is being copied to: half of it would be full of mistakes.
    private async Task LookAsync(CancellationToken stopping)
    {
        FolderStamp now = FolderStamp.Of(options.Value.FullPath);
        bool rests = now == _before;
        _before = now;
        if (!rests || now == _seen)
            return;

        _seen = now;
        await ReloadAsync(stopping);
    }

    private async Task PutIntoForceAsync(ProfileEdition edition, CancellationToken stopping)
    {
        long offset = Append(edition.Id);
        await journal.WaitForDurableAsync(offset, stopping);
        editions.Adopt(edition, offset + 1, clock.GetCurrentInstant(), journal.FirstOffset);
        ProfileKeeperLog.InForce(log, edition.Id, edition.Set.Profiles.Count, offset + 1);
    }

    private long Append(string edition)
    {
        using RecordBatch batch = journal.BeginBatch();
        AppendOutcome outcome = batch.TryAppend(RecordKind.Profiles, Encoding.ASCII.GetBytes(edition), default, out long offset);
        return outcome == AppendOutcome.Appended ? offset : throw new IOException($"The journal takes no record now ({outcome}); the profiles stay as they are.");
    }

    private void TellMistakes()
    {
        string mistakes = string.Join(Environment.NewLine, editions.Mistakes);
        if (mistakes.Length > 0 && mistakes != _told)
            ProfileKeeperLog.Mistakes(log, editions.Current.Id, mistakes);
        _told = mistakes;
    }
}

internal static partial class ProfileKeeperLog
{
    [LoggerMessage(9070, LogLevel.Information, "Profile edition {Edition} ({ProfileCount} profiles) decodes from journal offset {Offset} on")]
    public static partial void InForce(ILogger log, string edition, int profileCount, long offset);

    [LoggerMessage(9071, LogLevel.Error, "The profile folder changed and has mistakes; edition {Edition} stays in force:\n{Mistakes}")]
    public static partial void Mistakes(ILogger log, string edition, string mistakes);

    [LoggerMessage(9072, LogLevel.Warning, "The profile folder could not be looked at: {Reason}")]
    public static partial void NotReloaded(ILogger log, string reason);
}
