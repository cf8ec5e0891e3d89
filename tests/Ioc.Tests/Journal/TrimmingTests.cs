using Ioc.Journal;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Journal;

public class TrimmingTests
{
    [Fact]
    public async Task Over_budget_the_segments_that_every_cursor_has_passed_go_and_no_other()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Budget(folder.FullName, segments: 5));
        journal.SetCursor("store", 0);
        journal.SetCursor("twins", 0);

        string[] taken = await FillAsync(journal);
        Assert.Equal(JournalState.OverBudget, journal.State);
        Assert.Equal(0, journal.FirstOffset);
        Assert.InRange(journal.KeptBytes, 4 * 4096, 5 * 4096);
        Assert.Equal(taken, journal.ReadPayloads());

        // One of two has passed: still nothing may go.
        journal.SetCursor("twins", journal.TailOffset);
        Assert.Equal(AppendOutcome.OverBudget, journal.TryAppend(new string('.', 1000), out _));

        journal.SetCursor("store", 60);
        await Wait.UntilAsync(() => journal.State == JournalState.Accepting && journal.FirstOffset > 0);
        Assert.InRange(journal.FirstOffset, 1, 60);
        await journal.AppendDurableAsync(new string('.', 1000));
        Assert.Equal([.. taken[60..], new string('.', 1000)], journal.ReadPayloads(60));
        Assert.Throws<RecordsTrimmedException>(() => journal.OpenReader(0));
        Assert.False(journal.TryReadAt(0, out _));
    }

    [Fact]
    public async Task With_consumers_that_keep_up_the_journal_runs_on_within_its_budget_and_counts_what_it_let_go()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Budget(folder.FullName, segments: 4);
        string[] payloads = Journals.Numbered(1000);
        await using (RecordJournal journal = Journals.Open(options))
        {
            foreach (string[] some in payloads.Chunk(10))
            {
                await journal.AppendDurableAsync(some);
                journal.SetCursor("store", journal.DurableOffset);
                Assert.InRange(journal.KeptBytes, 0, options.BudgetBytes);
            }

            Assert.InRange(journal.FirstOffset, 850, 999);
        }

        await using RecordJournal again = Journals.Open(options);
        Assert.Equal((1000, 1000), again.DurablePublishes);
        Assert.InRange(again.FirstOffset, 850, 999);
        Assert.Equal(payloads[(int)again.FirstOffset..], again.ReadPayloads(again.FirstOffset));
    }

    [Fact]
    public async Task Segments_over_their_retention_go_within_the_budget_too_but_never_unread_ones()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeClock();
        JournalOptions options = Budget(folder.FullName, segments: 1000);
        options.RetentionDays = 7;
        await using RecordJournal journal = Journals.Open(options, clock);
        journal.SetCursor("store", 0);
        await journal.AppendDurableAsync(Journals.Numbered(100));
        clock.Advance(Duration.FromDays(8));
        await journal.AppendDurableAsync(Journals.Numbered(100));
        Assert.Equal(0, journal.FirstOffset);

        journal.SetCursor("store", 200);
        await journal.AppendDurableAsync(Journals.Numbered(30));
        // 28 records fill a segment: the one from 84 holds young records too and stays.
        await Wait.UntilAsync(() => journal.FirstOffset >= 84);
        Assert.Equal(84, journal.FirstOffset);
    }

    [Fact]
    public async Task Where_little_is_received_a_segment_is_left_for_its_age_and_what_it_did_not_use_is_given_back()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeClock();
        JournalOptions options = Journals.Small(folder.FullName, segmentBytes: 1 << 20);
        (options.RetentionDays, options.SegmentHours) = (7, 24);
        await using (RecordJournal journal = Journals.Open(options, clock))
        {
            // One message an hour for twelve days: far from filling a segment.
            for (int hour = 0; hour < 12 * 24; hour++)
            {
                await journal.AppendDurableAsync($"{hour}");
                journal.SetCursor("store", journal.DurableOffset);
                clock.Advance(Duration.FromHours(1));
            }

            // Ten of them at least are over by now, and those older than a week are gone, though the budget is far away.
            Assert.InRange(journal.FirstOffset, 2 * 24, 5 * 24);
            Assert.InRange(journal.KeptBytes, 1 << 20, (2 << 20) + (10 * 8192));
        }

        await using RecordJournal again = Journals.Open(options, clock);
        Assert.Equal((12 * 24, 12 * 24), again.DurablePublishes);
        Assert.Equal(Enumerable.Range((int)again.FirstOffset, (12 * 24) - (int)again.FirstOffset).Select(i => $"{i}"), again.ReadPayloads(again.FirstOffset));
    }

    [Fact]
    public async Task A_reader_without_a_cursor_that_is_overtaken_by_trimming_is_told()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Budget(folder.FullName, segments: 3));
        await journal.AppendDurableAsync(Journals.Numbered(40));
        using JournalReader reader = journal.OpenReader(0);
        Assert.True(reader.TryRead(out _));

        foreach (string[] some in Journals.Numbered(400).Chunk(20))
            await journal.AppendDurableAsync(some);

        var told = Assert.Throws<RecordsTrimmedException>(() =>
        {
            while (reader.TryRead(out _))
            {
            }
        });
        Assert.Equal((reader.NextOffset, journal.FirstOffset), (told.Offset, told.FirstOffset));
    }

    private static JournalOptions Budget(string folder, int segments)
    {
        JournalOptions options = Journals.Small(folder);
        options.BudgetBytes = segments * options.SegmentBytes;
        return options;
    }

    private static async Task<string[]> FillAsync(RecordJournal journal)
    {
        var taken = new List<string>();
        foreach (string payload in Journals.Numbered(1000))
        {
            AppendOutcome outcome = journal.TryAppend(payload, out _);
            if (outcome != AppendOutcome.Appended)
            {
                Assert.Equal(AppendOutcome.OverBudget, outcome);
                break;
            }

            taken.Add(payload);
        }

        await journal.WaitForDurableAsync(taken.Count - 1, TestContext.Current.CancellationToken);
        return [.. taken];
    }
}
