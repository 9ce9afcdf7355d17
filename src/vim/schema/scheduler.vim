# SPDX-License-Identifier: LGPL-2.1-or-later

data AfterStartupTaskScheduler : TaskScheduler 2.0
        minute: int

data DailyTaskScheduler : HourlyTaskScheduler 2.0
        hour: int

enum DayOfWeek 2.0
        sunday
        monday
        tuesday
        wednesday
        thursday
        friday
        saturday

data HourlyTaskScheduler : RecurrentTaskScheduler 2.0
        minute: int

data MonthlyByDayTaskScheduler : MonthlyTaskScheduler 2.0
        day: int

data MonthlyByWeekdayTaskScheduler : MonthlyTaskScheduler 2.0
        offset: WeekOfMonth
        weekday: DayOfWeek

data MonthlyTaskScheduler : DailyTaskScheduler 2.0

data OnceTaskScheduler : TaskScheduler 2.0
        runAt: dateTime?

data RecurrentTaskScheduler : TaskScheduler 2.0
        interval: int

managed ScheduledTask : ExtensibleManagedObject 2.0
        info: ScheduledTaskInfo
        RemoveScheduledTask(): void
                needs ScheduledTask.Delete
                throws InvalidState
        ReconfigureScheduledTask(spec: ScheduledTaskSpec): void
                needs ScheduledTask.Edit
                throws InvalidState InvalidName DuplicateName
        RunScheduledTask(): void
                needs ScheduledTask.Run
                throws InvalidState

data ScheduledTaskDescription : DynamicData 2.0
        action: TypeDescription[]
        schedulerInfo: ScheduledTaskDetail[]
        state: ElementDescription[]
        dayOfWeek: ElementDescription[]
        weekOfMonth: ElementDescription[]

data ScheduledTaskDetail : TypeDescription 2.0
        frequency: string

data ScheduledTaskInfo : ScheduledTaskSpec 2.0
        scheduledTask: ScheduledTask
        entity: ManagedEntity
        lastModifiedTime: dateTime
        lastModifiedUser: string
        nextRunTime: dateTime?
        prevRunTime: dateTime?
        state: TaskInfoState
        error: LocalizedMethodFault?
        result: anyType?
        progress: int?
        activeTask: Task?
        taskObject: ManagedObject 4.0

managed ScheduledTaskManager : ManagedObject 2.0
        scheduledTask: ScheduledTask[]? needs System.View
        description: ScheduledTaskDescription needs System.View
        CreateScheduledTask(entity: ManagedEntity, spec: ScheduledTaskSpec): ScheduledTask
                throws InvalidName DuplicateName
        RetrieveEntityScheduledTask(entity: ManagedEntity?): ScheduledTask[]?
                needs System.View
        CreateObjectScheduledTask(obj: ManagedObject, spec: ScheduledTaskSpec): ScheduledTask 4.0
                throws InvalidName DuplicateName
        RetrieveObjectScheduledTask(obj: ManagedObject?): ScheduledTask[]? 4.0
                needs System.View

data ScheduledTaskSpec : DynamicData 2.0
        name: string
        description: string
        enabled: boolean
        scheduler: TaskScheduler
        action: Action
        notification: string?

data TaskScheduler : DynamicData 2.0
        activeTime: dateTime?
        expireTime: dateTime?

enum WeekOfMonth 2.0
        first
        second
        third
        fourth
        last

data WeeklyTaskScheduler : DailyTaskScheduler 2.0
        sunday: boolean
        monday: boolean
        tuesday: boolean
        wednesday: boolean
        thursday: boolean
        friday: boolean
        saturday: boolean
