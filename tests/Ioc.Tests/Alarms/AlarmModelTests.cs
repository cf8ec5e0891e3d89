using Ioc.Alarms.Lifecycle;
using Xunit;

namespace Ioc.Tests.Alarms;

/// <summary>The engine against a model that looks at the whole history each time instead of keeping a state.</summary>
public class AlarmModelTests
{
    private const double Limit = 6, Deadband = 1;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(20, 0)]
    [InlineData(0, 20)]
    [InlineData(15, 30)]
    public async Task Whatever_happens_the_alarm_stands_where_a_naive_model_says(int onDelay, int offDelay)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var desk = new AlarmDesk(AlarmDesk.Above(Limit, deadband: Deadband, onDelay: onDelay, offDelay: offDelay));
            var model = new Model(onDelay, offDelay);
            int now = 0;
            for (int step = 0; step < 60; step++)
            {
                now += random.Next(0, 12);
                string what = $"seed {seed}, step {step}, second {now}";
                switch (random.Next(10))
                {
                    case < 6:
                        double value = random.Next(8, 15) / 2.0;
                        await desk.Measure(now, value);
                        model.Measure(now, value);
                        break;
                    case < 8:
                        await desk.Tick(now);
                        model.Tick(now);
                        break;
                    case < 9 when model.Open is { } open:
                        bool stale = random.Next(4) == 0;
                        Acknowledgement answer = await desk.Acknowledge(open.Id, stale ? open.Version - 1 : open.Version);
                        Assert.True(model.Acknowledge(stale) == answer.Outcome, what);
                        break;
                    default:
                        // A delay that was running is lost with the process; the model is told so, and nothing else changes.
                        await desk.Tick(now);
                        model.Tick(now);
                        if (!model.IsChanging)
                            await desk.Restart();
                        break;
                }

                Assert.True(model.Open == Describe(desk), $"{what}: model {model.Open}, engine {Describe(desk)}");
            }
        }
    }

    private static Row? Describe(AlarmDesk desk) =>
        desk.Engine.Open is [var alarm] ? new Row(alarm.Id, alarm.State, alarm.Count, alarm.Version) : null;

    private sealed record Row(long Id, AlarmState State, int Count, int Version);

    /// <summary>Values since the condition last flipped, newest last; it flips when all of the last delay's worth disagree with it.</summary>
    private sealed class Model(int onDelay, int offDelay)
    {
        private readonly List<(int At, double Value)> _history = [];
        private bool _holds;
        private long _lastId;

        public Row? Open { get; private set; }

        public bool IsChanging => DisagreeingSince() is not null;

        public void Measure(int at, double value)
        {
            _history.Add((at, value));
            Look(at);
        }

        public void Tick(int now) => Look(now);

        public AcknowledgeOutcome Acknowledge(bool stale)
        {
            if (stale)
                return AcknowledgeOutcome.StaleVersion;
            if (Open!.State == AlarmState.ActiveAcknowledged)
                return AcknowledgeOutcome.AlreadyAcknowledged;

            Open = Open.State == AlarmState.ReturnedUnacknowledged ? null : Open with { State = AlarmState.ActiveAcknowledged, Version = Open.Version + 1 };
            return AcknowledgeOutcome.Acknowledged;
        }

        private void Look(int now)
        {
            if (DisagreeingSince() is not { } since || now - since < (_holds ? offDelay : onDelay))
                return;

            _holds = !_holds;
            _history.Clear();
            if (_holds)
                Open = Open is null ? new Row(++_lastId, AlarmState.ActiveUnacknowledged, 1, 1) : Open with { State = AlarmState.ActiveUnacknowledged, Count = Open.Count + 1, Version = Open.Version + 1 };
            else
                Open = Open!.State == AlarmState.ActiveAcknowledged ? null : Open with { State = AlarmState.ReturnedUnacknowledged, Version = Open.Version + 1 };
        }

        private int? DisagreeingSince()
        {
            int? since = null;
            foreach ((int at, double value) in Enumerable.Reverse(_history))
            {
                bool disagrees = _holds ? value < Limit - Deadband : value >= Limit;
                if (!disagrees)
                    break;
                since = at;
            }

            return since;
        }
    }
}
