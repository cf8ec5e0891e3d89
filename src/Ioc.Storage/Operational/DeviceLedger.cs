using Ioc.Devices.Registry;
using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>Devices that appeared by themselves.</summary>
internal sealed class DeviceLedger(OperationalDatabase database) : IDeviceLedger
{
    public async Task<IReadOnlyList<UnclaimedDevice>> LoadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        return await context.Devices.OrderBy(device => EF.Property<int>(device, "Number")).ToListAsync(cancellationToken);
    }

    public async Task AddAsync(IReadOnlyList<UnclaimedDevice> devices, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        foreach (UnclaimedDevice device in devices.DistinctBy(device => (device.Source, device.Key)))
        {
            if (!await context.Devices.AnyAsync(kept => kept.Source == device.Source && kept.Key == device.Key, cancellationToken))
                context.Devices.Add(device);
        }

        await context.SaveChangesAsync(cancellationToken);
    }
}
