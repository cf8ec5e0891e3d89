using Ioc.Alarms.Lifecycle;
using Ioc.Journal;
using NodaTime;

namespace Ioc.Server.Pipeline;

/// <summary>Tells operators while the journal takes no messages, why, and what to do. Touched by one thread at a time.</summary>
internal sealed class JournalAlarm(RecordJournal journal, AlarmEngine alarms)
{
    /// <summary>What the alarm carries in place of a rule.</summary>
    public const string Part = "journal";

    // While it refuses, the journal tries again about once a second, and looks open for that moment.
    private static readonly Duration Calm = Duration.FromSeconds(5);

    private JournalState _told = JournalState.Accepting;
    private Instant? _calmSince;

    /// <summary>Looks at the journal; a few times a second.</summary>
    public async ValueTask LookAsync(Instant now, CancellationToken stopping)
    {
        JournalState state = journal.State;
        if (FaultOf(state, journal.Failure) is { } fault)
        {
            _calmSince = null;
            if (state == _told)
                return;

            await alarms.TellPlatformAsync(Part, fault, stopping);
            _told = state;
            return;
        }

        if (_told == JournalState.Accepting)
            return;

        _calmSince ??= now;
        if (now - _calmSince.Value < Calm)
            return;

        await alarms.TellPlatformAsync(Part, fault: null, stopping);
        _told = JournalState.Accepting;
    }

    private static PlatformFault? FaultOf(JournalState state, Exception? failure) => state switch
    {
        JournalState.OverBudget => new PlatformFault(
            Words.Of(state),
            "Nhật ký đã dùng hết dung lượng cho phép mà dữ liệu chưa được xử lý xong: thiết bị gửi tin bị từ chối. Kiểm tra kho dữ liệu (xem /health/ready), hoặc tăng Journal:BudgetBytes.",
            "The journal's budget is used up by messages that are not processed yet: devices are refused. See why the store does not take them (/health/ready), or raise Journal:BudgetBytes."),
        JournalState.DiskFull => new PlatformFault(
            Words.Of(state),
            "Ổ đĩa chứa nhật ký đã đầy: thiết bị gửi tin bị từ chối. Giải phóng dung lượng hoặc mở rộng ổ đĩa; hệ thống tự nhận tin trở lại.",
            "The journal's disk is full: devices are refused. Free or add space; messages are then taken again by themselves."),
        JournalState.Stalled => new PlatformFault(
            Words.Of(state),
            "Ổ đĩa chứa nhật ký ghi quá chậm: thiết bị gửi tin bị từ chối. Kiểm tra tải và tình trạng của ổ đĩa.",
            "The journal's disk does not finish writing: devices are refused. Check the disk's load and health."),
        JournalState.Failed => new PlatformFault(
            Words.Of(state),
            $"Nhật ký không ghi được và không nhận tin nữa: {failure?.Message} Kiểm tra ổ đĩa, rồi khởi động lại dịch vụ.",
            $"The journal could not write and takes no more: {failure?.Message} Check the disk, then restart the service."),
        _ => null,
    };
}
