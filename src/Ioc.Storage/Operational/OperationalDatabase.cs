using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>One SQLite file for operational state. Created at first use; thread-safe, each user takes a context of its own.</summary>
/// <remarks>
/// The tables are those of the model; whatever the file lacks of them is added when it is opened, so a new table needs an entity
/// configuration beside its ledger and nothing here. Migrations would need a design-time tool that does not restore everywhere.
/// A table that is there is never altered: whoever must change one raises <see cref="Format"/>, and a file of an unknown format is
/// refused by name.
/// SQLite's write-ahead log lets readers go on beside a writer; every commit is flushed.
/// </remarks>
internal sealed class OperationalDatabase(string path) : IDisposable
{
    private const int Format = 2;

    private readonly SemaphoreSlim _opening = new(1);
    private readonly DbContextOptions<OperationalContext> _options = new DbContextOptionsBuilder<OperationalContext>()
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path }.ToString())
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .Options;

    private bool _isOpen;

    /// <summary>A context for one unit of work.</summary>
    /// <exception cref="StorageException">The file cannot be opened, or has another format.</exception>
    public async Task<OperationalContext> ContextAsync(CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _isOpen))
            await OpenAsync(cancellationToken);

        return new OperationalContext(_options);
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path }.ToString()))
            SqliteConnection.ClearPool(connection);
        _opening.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_isOpen)
                return;

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await using var context = new OperationalContext(_options);
            int found = await context.Database.SqlQueryRaw<int>("SELECT user_version AS Value FROM pragma_user_version").SingleAsync(cancellationToken);
            if (found is not (0 or 1 or Format))
                throw new StorageException($"{path} has format {found}; this program reads format {Format}.");

            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellationToken);
            await context.Database.ExecuteSqlRawAsync(MissingTables(context), cancellationToken);
            await context.Database.ExecuteSqlRawAsync(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Format}"), cancellationToken);
            Volatile.Write(ref _isOpen, true);
        }
        catch (SqliteException e)
        {
            throw new StorageException($"{path} cannot be opened: {e.Message}", e);
        }
        finally
        {
            _opening.Release();
        }
    }

    // EF Core's own statements, each harmless where what it makes is there already.
    private static string MissingTables(OperationalContext context) =>
        context.Database.GenerateCreateScript()
            .Replace("CREATE TABLE \"", "CREATE TABLE IF NOT EXISTS \"", StringComparison.Ordinal)
            .Replace("CREATE INDEX \"", "CREATE INDEX IF NOT EXISTS \"", StringComparison.Ordinal)
            .Replace("CREATE UNIQUE INDEX \"", "CREATE UNIQUE INDEX IF NOT EXISTS \"", StringComparison.Ordinal);
}
