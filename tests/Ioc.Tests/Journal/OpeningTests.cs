using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ioc.Journal;
using Ioc.Journal.Segments;
using Ioc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Journal;

public class OpeningTests
{
    [Fact]
    public async Task A_folder_is_open_in_one_journal_at_a_time_and_the_refusal_names_it()
    {
        using var folder = new TemporaryFolder();
        await using (RecordJournal journal = Journals.Open(Journals.Small(folder.FullName)))
        {
            await journal.AppendDurableAsync("a");
            var refused = Assert.Throws<JournalLockedException>(() => Journals.Open(Journals.Small(folder.FullName)));
            Assert.Contains(folder.FullName, refused.Message, StringComparison.Ordinal);
            Assert.Equal(["a"], journal.ReadPayloads());
        }

        await using RecordJournal again = Journals.Open(Journals.Small(folder.FullName));
        Assert.Equal(["a"], again.ReadPayloads());
    }

    [Fact]
    public async Task Another_process_finds_the_folder_locked()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "The flock program is not here.");
        using var folder = new TemporaryFolder();
        await using (Journals.Open(Journals.Small(folder.FullName)))
            Assert.Equal(1, await TryLockAsync(folder.File("journal.lock")));

        Assert.Equal(0, await TryLockAsync(folder.File("journal.lock")));
    }

    [Theory]
    [InlineData("BufferBytes", "4096")]
    [InlineData("SegmentBytes", "65536")]
    [InlineData("BudgetBytes", "8192")]
    [InlineData("RetentionDays", "0")]
    public void Options_that_contradict_each_other_are_refused_by_name(string key, string value)
    {
        using var folder = new TemporaryFolder();
        using ServiceProvider services = Services(folder.FullName, (key, value));

        var refused = Assert.Throws<OptionsValidationException>(services.GetRequiredService<RecordJournal>);
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_composed_journal_lies_under_the_data_path()
    {
        using var folder = new TemporaryFolder();
        await using ServiceProvider services = Services(folder.FullName, ("ReservedFreeBytes", "0"));
        await services.GetRequiredService<RecordJournal>().AppendDurableAsync("a");
        Assert.Single(Journals.SegmentFiles(folder.File("journal")));
    }

    [Fact]
    public async Task What_was_appended_and_flushed_is_measured()
    {
        using var folder = new TemporaryFolder();
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Ioc.Journal")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        void Add(string name, double value)
        {
            lock (measured)
                measured[name] = measured.GetValueOrDefault(name) + value;
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.Start();

        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        await journal.AppendDurableAsync(Journals.Numbered(10));
        listener.RecordObservableInstruments();

        // Other tests' journals may be measured at the same time: at least ours is.
        lock (measured)
        {
            Assert.True(measured["ioc.journal.appended"] >= 10);
            Assert.True(measured["ioc.journal.bytes"] >= 10 * 138);
            Assert.True(measured["ioc.journal.flush.duration"] > 0);
            Assert.True(measured["ioc.journal.tail"] >= 10);
            Assert.True(measured["ioc.journal.durable"] >= 10);
        }
    }

    [Fact]
    public void The_checksum_is_crc_32c()
    {
        // Check value of the catalogue of parametrised CRC algorithms, and 32 zero bytes of RFC 3720 B.4.
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
    }

    private static ServiceProvider Services(string dataPath, params (string Key, string Value)[] settings) =>
        new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddJournal(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Journal:{setting.Key}", (string?)setting.Value)))
                    .Build()
                    .GetSection("Journal"),
                dataPath)
            .BuildServiceProvider();

    private static async Task<int> TryLockAsync(string file)
    {
        using Process process = Process.Start("/usr/bin/flock", ["--nonblock", "--exclusive", file, "true"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
