using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ioc.Profiles.Editions;

/// <summary>
/// The profile folder through time: which edition is in force, and which was for any offset of the journal. A folder with a mistake
/// never becomes an edition, so it never replaces one that works.
/// </summary>
/// <remarks>Reading is thread-safe; <see cref="TryRead"/> and <see cref="Adopt"/> belong to one thread.</remarks>
public sealed class ProfileEditions
{
    // Lanes that catch up over several changes go through them in order.
    private const int MostLoaded = 4;

    private readonly string _folder;
    private readonly EditionArchive _archive;
    private readonly EditionHistory _history;
    private readonly MetricCatalogue _metrics;
    private readonly ChannelTable _channels;
    private readonly ILogger<ProfileEditions> _log;
    private readonly Lock _gate = new();
    private readonly List<ProfileEdition> _loaded = [];
    private volatile ProfileEdition _current;

    /// <summary>Loads the folder; when it has a mistake, the edition that was last in force.</summary>
    /// <param name="options">Where folder and archive are.</param>
    /// <param name="metrics">The catalogue that fixes each metric's unit, type and range.</param>
    /// <param name="channels">Takes the channel names that profiles write out.</param>
    /// <param name="log">Gets a line when the folder cannot be used.</param>
    /// <exception cref="ProfileException">The folder has a mistake and no earlier edition is there.</exception>
    /// <exception cref="IOException">The folder cannot be read or the archive not written.</exception>
    public ProfileEditions(ProfilesOptions options, MetricCatalogue metrics, ChannelTable channels, ILogger<ProfileEditions> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = options.FullPath;
        _archive = new EditionArchive(options.ArchivePath);
        _history = new EditionHistory(Path.Combine(_archive.FullPath, "history.json"));
        _metrics = metrics;
        _channels = channels;
        _log = log;
        try
        {
            _current = Read();
        }
        catch (ProfileException mistake)
        {
            if (_history.Entries is not [.., var last] || TryOpen(last.Id) is not { } earlier)
                throw;

            EditionsLog.StartedWithEarlier(log, earlier.Id, mistake.Message);
            _current = earlier;
            Mistakes = mistake.Errors;
        }

        Remember(_current);
    }

    /// <summary>What new messages are decoded with.</summary>
    public ProfileEdition Current => _current;

    /// <summary>What is wrong in the folder as it is now, each as "file:line: message"; empty when nothing is.</summary>
    public IReadOnlyList<string> Mistakes { get; private set; } = [];

    /// <summary>Every edition that part of the journal was decoded with, the oldest first.</summary>
    public IReadOnlyList<EditionSince> History => _history.Entries;

    /// <summary>The edition that decodes a record of the journal. When it is not kept any more, the current one, with a line in the log.</summary>
    /// <param name="offset">The record's offset.</param>
    public ProfileEdition At(long offset) => _history.At(offset) is { } entry ? Of(entry.Id) : _current;

    /// <summary>An edition by its id. When it is not kept any more, the current one, with a line in the log.</summary>
    public ProfileEdition Of(string id)
    {
        ProfileEdition current = _current;
        if (current.Id == id)
            return current;

        lock (_gate)
        {
            if (_loaded.Find(edition => edition.Id == id) is { } loaded)
                return loaded;
            if (TryOpen(id) is { } opened)
                return Remember(opened);
        }

        EditionsLog.Gone(_log, id, current.Id);
        return current;
    }

    /// <summary>Reads the folder as it is now.</summary>
    /// <returns>An edition other than the current one; null when there is none, or when the folder has a mistake (see <see cref="Mistakes"/>).</returns>
    /// <exception cref="IOException">The folder cannot be read or the archive not written.</exception>
    public ProfileEdition? TryRead()
    {
        try
        {
            ProfileEdition edition = Read();
            Mistakes = [];
            return edition.Id == _current.Id ? null : edition;
        }
        catch (ProfileException mistake)
        {
            Mistakes = mistake.Errors;
            ForgetOthers();
            return null;
        }
    }

    /// <summary>Puts an edition into force.</summary>
    /// <param name="edition">From <see cref="TryRead"/>, or the current one at the first start.</param>
    /// <param name="offset">First offset it decodes.</param>
    /// <param name="at">Now.</param>
    /// <param name="firstOffset">First offset the journal still has: editions that only decode older ones are forgotten.</param>
    /// <exception cref="IOException">The archive cannot be written; the edition before stays in force after a restart.</exception>
    public void Adopt(ProfileEdition edition, long offset, Instant at, long firstOffset)
    {
        ArgumentNullException.ThrowIfNull(edition);
        lock (_gate)
            Remember(edition);
        _history.Add(new EditionSince(offset, edition.Id, at.ToUnixTimeMilliseconds()), firstOffset);
        _current = edition;
        ForgetOthers();
    }

    private void ForgetOthers() =>
        _archive.KeepOnly(_history.Entries.Select(entry => entry.Id).Append(_current.Id).ToHashSet(StringComparer.Ordinal));

    // The copy is what is compiled: an editor that saves meanwhile cannot mix two states.
    private ProfileEdition Read()
    {
        string id = _archive.Keep(_folder);
        lock (_gate)
            return _loaded.Find(edition => edition.Id == id) ?? Open(id);
    }

    private ProfileEdition Open(string id) => new(id, _archive.FolderOf(id), ProfileSet.Load(_archive.FolderOf(id), _metrics, _channels));

    // An old edition may name a metric that the catalogue has lost since.
    private ProfileEdition? TryOpen(string id)
    {
        if (!_archive.Has(id))
            return null;

        try
        {
            return Open(id);
        }
        catch (ProfileException mistake)
        {
            EditionsLog.Unusable(_log, id, mistake.Message);
            return null;
        }
    }

    private ProfileEdition Remember(ProfileEdition edition)
    {
        _loaded.RemoveAll(known => known.Id == edition.Id);
        _loaded.Add(edition);
        if (_loaded.Count > MostLoaded)
            _loaded.RemoveAt(0);
        return edition;
    }
}

internal static partial class EditionsLog
{
    [LoggerMessage(4001, LogLevel.Error, "The profile folder has mistakes; edition {Edition}, the last that worked, stays in force:\n{Mistakes}")]
    public static partial void StartedWithEarlier(ILogger log, string edition, string mistakes);

    [LoggerMessage(4002, LogLevel.Warning, "Profile edition {Edition} is not kept any more; its messages are decoded with {Current}")]
    public static partial void Gone(ILogger log, string edition, string current);

    [LoggerMessage(4003, LogLevel.Error, "Profile edition {Edition} cannot be used any more: {Mistakes}")]
    public static partial void Unusable(ILogger log, string edition, string mistakes);
}
