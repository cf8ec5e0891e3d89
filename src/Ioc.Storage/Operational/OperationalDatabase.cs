using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>One SQLite file for operational state. Created at first use; thread-safe, each user takes a context of its own.</summary>
/// <remarks>
/// The tables are made by <c>EnsureCreated</c> and stamped with a format number; migrations would need a design-time tool that does not
/// restore everywhere. A file of format 1 is brought up to date by adding the tables it lacks; one of an unknown format is refused by name, never altered.
/// SQLite's write-ahead log (which EF Core turns on) lets readers go on beside a writer; every commit is flushed.
/// </remarks>
internal sealed class OperationalDatabase(string path) : IDisposable
{
    private const int Format = 2;

    // Format 2 has credentials and bans. As EF Core would make them; a test compares.
    internal const string TablesOfFormat2 = """
        CREATE TABLE IF NOT EXISTS "AccessRevisions" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK_AccessRevisions" PRIMARY KEY,
            "Number" INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS "Bans" (
            "Kind" TEXT NOT NULL,
            "Value" TEXT NOT NULL,
            "Until" INTEGER NULL,
            "Reason" TEXT NULL,
            "CreatedAt" INTEGER NOT NULL,
            CONSTRAINT "PK_Bans" PRIMARY KEY ("Kind", "Value")
        );
        CREATE TABLE IF NOT EXISTS "Credentials" (
            "UserName" TEXT NOT NULL CONSTRAINT "PK_Credentials" PRIMARY KEY,
            "Password" TEXT NULL,
            "Device" TEXT NULL,
            "Certificate" TEXT NULL,
            "Publish" TEXT NULL,
            "Subscribe" TEXT NULL,
            "Full" INTEGER NOT NULL,
            "ReceiveMaximum" INTEGER NULL,
            "MaxSubscriptions" INTEGER NULL,
            "Enabled" INTEGER NOT NULL,
            "CreatedAt" INTEGER NOT NULL,
            "ChangedAt" INTEGER NOT NULL
        );
        """;

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
            await context.Database.EnsureCreatedAsync(cancellationToken);
            int found = await context.Database.SqlQueryRaw<int>("SELECT user_version AS Value FROM pragma_user_version").SingleAsync(cancellationToken);
            if (found is 0 or 1)
            {
                // New, or made by us and killed before it was stamped, or of the format before.
                await context.Database.ExecuteSqlRawAsync(TablesOfFormat2, cancellationToken);
                await context.Database.ExecuteSqlRawAsync(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Format}"), cancellationToken);
                found = Format;
            }

            if (found != Format)
                throw new StorageException($"{path} has format {found}; this program reads format {Format}.");

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
}
