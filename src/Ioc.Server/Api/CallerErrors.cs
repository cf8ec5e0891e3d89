using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Ioc.Server.Api;

/// <summary>Turns what a caller got wrong into its answer; anything else is a fault of ours and stays one.</summary>
internal sealed class CallerErrors(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ProblemDetails? problem = exception switch
        {
            BadParameterException bad => Problem(bad.Parameter, bad.Message),
            BadHttpRequestException bad => Problem("body", bad.Message),
            UnknownDeviceException unknown => new ProblemDetails { Status = StatusCodes.Status404NotFound, Title = "Not found.", Detail = unknown.Message },
            _ => null,
        };
        if (problem is null)
            return false;

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static ProblemDetails Problem(string parameter, string message) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "A parameter cannot be understood.",
        Detail = message,
        Extensions = { ["parameter"] = parameter },
    };
}
