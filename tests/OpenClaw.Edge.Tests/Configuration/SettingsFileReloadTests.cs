using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class SettingsFileReloadTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Configuration_FileCannotBeReadAnyMore_RefusedAndLoggedAndWhatItSaidStays()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string shared = Path.Combine(folder, "appsettings.json");
            string own = Path.Combine(folder, "appsettings.Development.json");
            File.Copy(Repository.Path("OpenClaw.Edge", "appsettings.json"), shared);
            File.Copy(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"), own);
            string good = await File.ReadAllTextAsync(own);
            await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder));
            EdgeRules before = stack.Edge.Rules.Current;

            await File.WriteAllTextAsync(own, good[..^20]);
            await File.WriteAllTextAsync(shared, "nonsense");
            await Poll.UntilAsync("it is refused", () => stack.Edge.Refusals.Any(refusal =>
                refusal.Contains("appsettings.json cannot be read") && refusal.Contains("appsettings.Development.json cannot be read")),
                    Patience);
            Assert.Same(before, stack.Edge.Rules.Current);

            // The document applies over the last valid files.
            Assert.Empty(stack.Edge.Rules.Apply("1", """{ "Deny": { "Networks": ["127.0.0.77"] } }"""));
            Assert.NotNull(stack.Edge.Rules.Current.Clients.FindById("gold-sample"));
            Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

            await File.WriteAllTextAsync(shared, await File.ReadAllTextAsync(Repository.Path("OpenClaw.Edge", "appsettings.json")));
            await File.WriteAllTextAsync(own, good.Replace("gold-sample", "platinum-sample"));
            await Poll.UntilAsync(
                "it is in force", () => stack.Edge.Rules.Current.Clients.FindById("platinum-sample") is not null, Patience);
            Assert.Null(stack.Edge.Rules.Current.Clients.FindById("gold-sample"));
            Assert.False(stack.Edge.Rules.Current.Deny.IsEmpty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Configuration_FileDisappears_ReportedOnceAndItsValuesStayUntilItIsBack()
    {
        using Folder folder = new();
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));
        EdgeRules before = stack.Edge.Rules.Current;

        File.Delete(folder.Own);
        await Poll.UntilAsync("it is refused", () => stack.Edge.Refusals.Count > 0, Patience);
        await Task.Delay(3 * SettingsFileWatcher.Interval);

        Assert.Contains("appsettings.Development.json is missing; its last values stay in force.", Assert.Single(stack.Edge.Refusals));
        Assert.Same(before, stack.Edge.Rules.Current);
        await File.WriteAllTextAsync(folder.Own, folder.Good.Replace("gold-sample", "platinum-sample"));
        await Poll.UntilAsync(
            "it is in force", () => stack.Edge.Rules.Current.Clients.FindById("platinum-sample") is not null, Patience);
    }

    [Fact]
    public async Task Configuration_FolderDisappears_ItsValuesStay()
    {
        using Folder folder = new();
        folder.Mount("1", "gold-sample");
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));
        EdgeRules before = stack.Edge.Rules.Current;

        Directory.Delete(Path.Combine(folder.Path, "1"), recursive: true);
        await Poll.UntilAsync("it is refused", () => stack.Edge.Refusals.Count > 0, Patience);

        Assert.Contains("appsettings.json is missing", stack.Edge.Refusals[0]);
        Assert.Same(before, stack.Edge.Rules.Current);
    }

    [Fact]
    public async Task Configuration_MountedFilesOfEqualTimeAndLengthExchanged_InForce()
    {
        using Folder folder = new();
        DateTime written = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        folder.Mount("1", "gold-sample", written);
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));

        folder.Mount("2", "lead-sample", written);

        await Poll.UntilAsync("it is in force", () => stack.Edge.Rules.Current.Clients.FindById("lead-sample") is not null, Patience);
    }

    /// <summary>Updates files like the kubelet: files are links into a folder that is itself a link, and that link is replaced.</summary>
    [Fact]
    public async Task Configuration_MountedFilesExchanged_InForceWithinTheTimeStatedAndLoggedOnce()
    {
        using Folder folder = new();
        folder.Mount("1", "gold-sample");
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));
        int before = InForce(stack.Edge);

        long start = Stopwatch.GetTimestamp();
        folder.Mount("2", "platinum-sample");
        await Poll.UntilAsync("it is in force", () => stack.Edge.Rules.Current.Clients.FindById("platinum-sample") is not null, Patience);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await Task.Delay(3 * SettingsFileWatcher.Interval);
        Assert.Equal(before + 1, InForce(stack.Edge));
        Assert.Empty(stack.Edge.Refusals);
    }

    [Fact]
    public async Task Configuration_FilesWrittenOneAfterTheOther_LoggedOnceWhenTheyHaveSettled()
    {
        using Folder folder = new();
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));
        int before = InForce(stack.Edge);

        // Half of it, and with a reference to what only comes with the other file: faulty for a moment.
        await File.WriteAllTextAsync(folder.Own, folder.Good[..^20]);
        await File.WriteAllTextAsync(
            folder.Own, folder.Good.Replace("\"gold-sample\": { \"Tier\": \"gold\"", "\"gold-sample\": { \"Tier\": \"platinum\""));
        await Task.Delay(SettingsFileWatcher.Interval / 5);
        await File.WriteAllTextAsync(
            folder.Shared, folder.GoodShared.Replace("\"AddressPolicy\"", "\"Tiers\": { \"platinum\": {} }, \"AddressPolicy\""));
        await Poll.UntilAsync("it is in force", () => stack.Edge.Rules.Current.Tiers.ContainsKey("platinum"), Patience);
        await Task.Delay(3 * SettingsFileWatcher.Interval);

        Assert.Equal(before + 1, InForce(stack.Edge));
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Configuration_FaultyFileTouchedAgain_LoggedOnce()
    {
        using Folder folder = new();
        await using Stack stack = await Stack.StartAsync(redis, (HostDefaults.ContentRootKey, folder.Path));

        await File.WriteAllTextAsync(folder.Own, folder.Good[..^20]);
        await Poll.UntilAsync("it is refused", () => stack.Edge.Refusals.Count > 0, Patience);
        File.SetLastWriteTimeUtc(folder.Own, DateTime.UtcNow);
        await Task.Delay(4 * SettingsFileWatcher.Interval);

        Assert.Contains("appsettings.Development.json cannot be read", Assert.Single(stack.Edge.Refusals));
        Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    private static int InForce(TestEdge edge) => edge.Logs.GetSnapshot().Count(record => record.Id.Id == 100);

    /// <summary>A content root with settings files of its own.</summary>
    private sealed class Folder : IDisposable
    {
        public Folder()
        {
            File.WriteAllText(Shared, GoodShared);
            File.WriteAllText(Own, Good);
        }

        public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

        public string Shared => System.IO.Path.Combine(Path, "appsettings.json");

        public string Own => System.IO.Path.Combine(Path, "appsettings.Development.json");

        public string GoodShared { get; } = File.ReadAllText(Repository.Path("OpenClaw.Edge", "appsettings.json"));

        public string Good { get; } = File.ReadAllText(Repository.Path("OpenClaw.Edge", "appsettings.Development.json"));

        public void Mount(string version, string client, DateTime? written = null)
        {
            string data = System.IO.Path.Combine(Path, version);
            Directory.CreateDirectory(data);
            File.WriteAllText(System.IO.Path.Combine(data, "appsettings.json"), GoodShared);
            File.WriteAllText(System.IO.Path.Combine(data, "appsettings.Development.json"), Good.Replace("gold-sample", client));
            if (written is { } time)
            {
                Array.ForEach(Directory.GetFiles(data), file => File.SetLastWriteTimeUtc(file, time));
            }

            string link = System.IO.Path.Combine(Path, "..data");
            Directory.CreateSymbolicLink(link + version, version);
            // By renaming, as the kubelet does; .NET takes the link for the folder that it leads to.
            using (Process rename = Process.Start("mv", ["-T", link + version, link]))
            {
                rename.WaitForExit();
            }

            foreach (string file in (string[])[Shared, Own])
            {
                if (File.ResolveLinkTarget(file, returnFinalTarget: false) is null)
                {
                    File.Delete(file);
                    File.CreateSymbolicLink(file, System.IO.Path.Combine("..data", System.IO.Path.GetFileName(file)));
                }
            }
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
