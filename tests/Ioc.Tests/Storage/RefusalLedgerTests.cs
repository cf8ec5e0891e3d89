using Ioc.Storage.Operational;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class RefusalLedgerTests
{
    [Fact]
    public async Task Counts_of_refusals_come_back_after_a_restart_as_last_saved()
    {
        using var folder = new TemporaryFolder();
        CancellationToken stopping = TestContext.Current.CancellationToken;
        using (var database = new OperationalDatabase(folder.File("operational.db")))
        {
            var ledger = new RefusalLedger(database);
            await ledger.SaveAsync(new Dictionary<string, long> { ["malformed"] = 2 }, stopping);
            await ledger.SaveAsync(new Dictionary<string, long> { ["malformed"] = 5, ["quotaExceeded"] = 1 }, stopping);
        }

        using var reopened = new OperationalDatabase(folder.File("operational.db"));
        Assert.Equal(
            new Dictionary<string, long> { ["malformed"] = 5, ["quotaExceeded"] = 1 },
            await new RefusalLedger(reopened).LoadAsync(stopping));
    }
}
