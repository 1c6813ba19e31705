namespace OpenClaw.Docs.Tests;

/// <summary>The commands that the documents show, run as they stand, with the answers that they show.</summary>
public sealed class DocumentTests(RunningStack stack) : IClassFixture<RunningStack>
{
    // A command that depends on a bucket's state can fail because a token is refilled just then or a file has not been read yet. It is then
    // repeated with full buckets.
    private const int Attempts = 3;

    [Theory]
    [InlineData("README.md", "The first 429")]
    [InlineData("docs/tutorial.md", null)]
    public async Task Commands_OfADocument_AnswerAsShown(string file, string? section)
    {
        Step[] steps = Step.Read(file, section);
        Assert.NotEmpty(steps);
        using Shell shell = new();
        await stack.ResetClientsAsync();

        foreach (Step step in steps.Where(step => !step.StartsTheStack))
        {
            (int code, string output) = await shell.RunAsync(step.Commands);
            for (int attempt = 1; attempt < Attempts && !step.Accepts(output); attempt++)
            {
                await stack.ResetClientsAsync();
                (code, output) = await shell.RunAsync(step.Commands);
            }

            Assert.True(step.Accepts(output), $"{file}:\n{step.Commands}\nshows:\n{step.Answer}\nbut answered:\n{output}\n{shell.Errors}");
            Assert.True(code == 0, $"{file}: exit code {code} of\n{step.Commands}\n{shell.Errors}");
        }

        if (file == "docs/tutorial.md")
        {
            Assert.Contains("development pepper", shell.Errors);
        }
    }
}
